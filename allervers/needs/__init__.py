"""Who was met, what they need, who follows it until its outcome; never knows how a partner answers."""

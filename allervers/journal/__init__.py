"""What happened, what came from what, who read whom; knows opaque ids only, never a name or a sentence."""

"""What is done for many: campaigns, sessions, screenings, funnels; never decides how figures are published."""

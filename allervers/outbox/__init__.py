"""Mail and SMS that leave: the row written with its cause is the truth; never decides what is said or to whom."""

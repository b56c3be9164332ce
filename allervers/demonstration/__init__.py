"""An invented network at the scale of Lille's, the same on every machine; nothing in the house depends on it."""

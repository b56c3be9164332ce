"""Where to go: territories, places, services, partnerships, search, exchange; never a person helped."""

"""Networks, organisations, hubs, people who work there and what they may see; never a person helped."""

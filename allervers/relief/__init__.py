"""Who helps: what the network calls for, what people offer. It knows no one who is helped, only how many needs wait."""

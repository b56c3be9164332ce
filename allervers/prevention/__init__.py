"""Prevention messages: French cut in segments, said in many languages, checked by a second speaker. It knows no person."""

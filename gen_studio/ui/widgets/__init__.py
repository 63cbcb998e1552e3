"""The kit of small widgets that every screen is made of."""

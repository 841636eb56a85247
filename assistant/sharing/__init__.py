"""The app for others than its owner: who may come in, how much each may ask for."""

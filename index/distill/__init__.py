"""How is the bundled model made? Nothing here runs when notes are indexed or searched."""

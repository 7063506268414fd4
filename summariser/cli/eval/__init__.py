"""The commands `summariser eval …`."""

"""The commands `summariser eval gold …`."""

"""Speakers of transcripts: labels, the turns that they begin, and interjections."""

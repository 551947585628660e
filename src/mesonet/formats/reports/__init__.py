"""Coded reports, as weather services exchange them: METAR, SYNOP, CLIMAT, SHEF; and tables of them."""

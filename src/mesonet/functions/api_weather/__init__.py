import gc

# A cold start makes some 15,000 objects that stay: looking through them for garbage took a tenth of its time
gc.set_threshold(50_000)

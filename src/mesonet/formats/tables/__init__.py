"""Tables of anybody's own form, which a mapping explains; and the proposal of a mapping."""

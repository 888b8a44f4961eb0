// The page that opens any .nir.

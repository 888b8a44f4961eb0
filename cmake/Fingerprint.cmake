# Writes OUT, which names the version and the headers that a backend is compiled with (backends/Plugin.h). FILES, with |
# between them, are what it stands for.
string(REPLACE "|" ";" FILES "${FILES}")
set(all "")
foreach(file IN LISTS FILES)
  file(SHA256 ${file} hash)
  string(APPEND all ${hash})
endforeach()
string(SHA256 fingerprint "${all}")
string(SUBSTRING ${fingerprint} 0 16 fingerprint)
file(CONFIGURE OUTPUT ${OUT} @ONLY CONTENT [[
#define NIRC_BUILD_VERSION "@VERSION@"
#define NIRC_BUILD_HEADERS "@fingerprint@"
]])

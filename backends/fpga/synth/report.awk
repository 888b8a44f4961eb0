# What Yosys made of the design, beside what nirc predicted; and what place and route reports.
#   awk -v family=ice40 -f report.awk predicted.txt ice40.stat
#   awk -v wanted=40 -f report.awk pnr.json
FILENAME == "predicted.txt" { if ($1 == family) predicted[$2] = $3; next }
FILENAME ~ /json$/ { json = json $0; next }
$1 ~ /^(SB_LUT4|LUT[1-6]|INV)$/ { luts += $2 }
$1 == "CCU2C" { luts += 2 * $2 }
$1 == "TRELLIS_DPR16X4" { luts += 6 * $2 }
$1 ~ /^RAM(32M|64M)$/ { luts += 4 * $2 }
$1 ~ /^RAM(32X1D|64X1D)$/ { luts += 2 * $2 }
$1 ~ /^SRL/ { luts += $2 }
$1 ~ /^(SB_DFF|FD[RSCP]E|TRELLIS_FF)/ { flipFlops += $2 }
$1 ~ /^(SB_RAM40|DP16KD|PDPW16KD|RAMB18E1)/ { blocks += $2 }
$1 == "RAMB36E1" { blocks += 2 * $2 }
$1 ~ /^(SB_MAC16|MULT18X18D|DSP48E1)$/ { multipliers += $2 }
function row(what, found) { printf "  %-12s %8d   predicted %8d\n", what, found, predicted[what] }
END {
  if (family) {
    print family
    row("luts", luts); row("flip-flops", flipFlops); row("blocks", blocks); row("multipliers", multipliers)
  } else {
    print "placed and routed, with the shift registers of pins.v"
    # A clock is "NAME": {"achieved": 71.2, "constraint": 40}, a kind of cell "NAME": {"available": 7680, "used": 5022}.
    gsub(/[ \t]/, "", json)
    while (match(json, /"[^"]*":\{"(available|achieved)":[0-9.]+,"(used|constraint)":[0-9.]+/)) {
      split(substr(json, RSTART, RLENGTH), field, /[":{,]+/)
      json = substr(json, RSTART + RLENGTH)
      if (field[3] == "achieved") { if (fmax == "" || field[4] < fmax) fmax = field[4] }
      else if (field[6] > 0) printf "  %-12s %8d of %8d\n", field[2], field[6], field[4]
    }
    printf "  Fmax %.1f MHz%s\n", fmax, fmax < wanted ? ", below the " wanted " MHz that were asked for (MEGAHERTZ)" : ""
  }
}

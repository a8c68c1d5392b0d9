/*
 * A lease of a shop that takes differences (design 6.3, rule 9 of 6.6): a write adds to the number or takes from it, and is
 * refused where that would leave less than nothing.
 */
#ifndef PIECES
#define PIECES 3
#endif
#define SHOPS 1
#ifndef VERSIONS
#define VERSIONS 3
#endif
#ifndef LOST
#define LOST 1
#endif

byte number[SHOPS]; /* what buyers can take */

#define OFFERED(s) number[s]
#define MOST(hold, target, counted) LARGER(hold, target)

inline sell(s) {
  number[s]--
}

#include "lease-authority.pml"

proctype channel(byte s) {
  byte version, target, allowance;
  short by;
end:
  do
  :: atomic {
      version < account[s].issued ->
      take_level(s, version, target)
    }
look:
    atomic {
      by = target - allowance;
      /* What was sold cannot be taken back. */
      by = (by + number[s] < 0 -> -number[s] : by);
      printf("channel %d: wants to add %d\n", s, by)
    }
write:
    if
    :: atomic { number[s] + by >= 0 -> number[s] = number[s] + by; printf("shop %d: shows %d\n", s, number[s]) }
    :: atomic { number[s] + by < 0 -> printf("shop %d: refuses, too few are left\n", s); goto look }
    :: atomic { lost > 0 -> lost--; printf("channel %d: the request got lost\n", s); goto unknown }
    fi;
    if
    :: atomic { lost > 0 -> lost--; printf("channel %d: the answer got lost\n", s); goto unknown }
    :: atomic {
        allowance = allowance + by;
        reports[s]!version,allowance;
        target = 0;
        by = 0
      }
      goto end
    fi;
unknown:
    /* Nobody knows whether it was written: read the number, then the feed past that reading. */
#ifdef VARIANT_WRITE_REPEATED
    goto write;
#endif
    by = number[s];
    atomic { in_feed[s] = sold[s]; printf("channel %d: has read %d orders\n", s, sold[s]) }
    atomic {
      allowance = in_feed[s] + by;
      by = 0;
      printf("channel %d: at most %d allowed\n", s, allowance)
    }
    if
    :: goto look /* The level's hold still stands. */
    :: atomic {
        reports[s]!version,allowance;
        target = 0
      }
    fi
  od
}

init {
  atomic { start() }
}

/*
 * A lease of a shop whose number can only be overwritten (design 6.3): a write erases every sale since it was computed, and
 * what the shop was allowed to sell is known only when its order feed has been read past the write.
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
#ifdef VARIANT_HELD_AS_THE_LARGER
#define MOST(hold, target, counted) LARGER(hold, target)
#elif defined(VARIANT_OLDER_WRITE_FORGOTTEN)
#define MOST(hold, target, counted) (account[s].allowance + (target) - (counted))
#else
/* The write may erase every sale that was not counted when the level was made. */
#define MOST(hold, target, counted) ((hold) + (target) - (counted))
#endif

inline sell(s) {
  number[s]--
}

#include "lease-authority.pml"

proctype channel(byte s) {
  byte version, target, to, until;
end:
  do
  :: atomic {
      version < account[s].issued ->
      take_level(s, version, target)
    }
look:
    atomic {
      to = (target > in_feed[s] -> target - in_feed[s] : 0);
      until = in_feed[s];
      target = 0;
      printf("channel %d: wants to write %d\n", s, to)
    }
    if
    :: atomic { number[s] = to; printf("shop %d: shows %d\n", s, to) }
    :: atomic { lost > 0 -> lost--; printf("channel %d: the request got lost\n", s); goto unknown }
    fi;
    if
    :: atomic { lost > 0 -> lost--; printf("channel %d: the answer got lost\n", s); goto unknown }
#ifdef VARIANT_NO_FENCE
    :: skip
#else
    :: atomic { until = sold[s]; printf("shop %d: answers\n", s) }
      /* Only now the feed is sure to hold all orders placed until the answer. */
      atomic { in_feed[s] = sold[s]; printf("channel %d: has read %d orders\n", s, sold[s]) }
#endif
    fi;
    atomic {
      reports[s]!version,until + to;
      to = 0;
      until = 0
    }
    goto end;
unknown:
    /* Nobody knows whether it was written: read the number, then the feed past that reading. */
    atomic { to = number[s]; until = 0 }
    atomic { in_feed[s] = sold[s]; printf("channel %d: has read %d orders\n", s, sold[s]) }
#ifdef VARIANT_WRITE_REPEATED
    atomic { target = account[s].target[version]; to = 0 }
    goto look;
#endif
    atomic {
      reports[s]!version,in_feed[s] + to;
      to = 0
    }
  od
}

init {
  atomic { start() }
}

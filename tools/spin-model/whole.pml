/*
 * All of it at once and small: a leased shop, a buyer who claims, orders that come without either, the gateway's writes to
 * the warehouse, and stock reads. What the other models check one by one is taken as given here: writes to the shop are
 * compare-and-set and get their answers, orders are not changed. Every order is of one piece.
 */
#ifndef PIECES
#define PIECES 2
#endif
#ifndef ORDERS
#define ORDERS 3
#endif
#ifndef READS
#define READS 2
#endif
#ifndef VERSIONS
#define VERSIONS 2
#endif
#ifndef PLAIN
#define PLAIN 1
#endif

mtype = { none, waiting, reserved, sent, applied, accepted, refused };
mtype = { idle, begun, looked, ended };
mtype = { no_claim, open, confirmed, expired, taken, refused_claim };

/* Orders at the authority, by the order in which they came. */
mtype order[ORDERS] = none;
byte orders;
byte promised; /* those of them whose buyer had a lease or a claim, one bit each */
byte told; /* those whose acceptance the authority knows */

/* Stock reads, and the last one that the authority has. */
mtype phase[READS] = idle;
byte before[READS]; /* orders accepted before it was started */
byte flying[READS]; /* orders that were on their way while it ran */
byte seen[READS];
byte last_read;
byte last_before;
byte last_flying;
byte last_seen = PIECES;

/* The lease: the shop, its channel, the authority's account. */
byte number;
byte sold;
byte in_feed;
byte counted;
byte hold;
byte issued;
byte target[VERSIONS + 1];
chan reports = [VERSIONS] of { byte, byte };

/* The claim. */
mtype claim = no_claim;
byte version;



byte promises; /* to buyers: sales of the shop, a claim confirmed to its buyer, orders reserved without either */

/* Only within one step: every step that uses them ends with forget(). */
byte o1;
short low, high;

#define BIT(o) (1 << (o))
#define UNDER_WAY(o) (order[o] == sent || order[o] == applied)
#define CLAIMED (claim == open || claim == confirmed)
#define EXPOSED (hold - counted)

#ifdef REACH_TRANSFER
bool gave_back; /* the shop had pieces and let them go */
#endif

inline forget() {
  o1 = 0;
  low = 0;
  high = 0
}

inline promise() {
  promises++;
  assert(promises <= PIECES); /* No piece is promised twice. */
#ifdef REACH_TRANSFER
  assert(!(gave_back && promises == PIECES));
#endif
  skip
}

/*
 * `low` and `high` of the watermark less what goes before order o: exposure, claim, and orders that wait. A waiting order
 * of a lease or a claim is no exposure any more and no reservation yet, so it is protected in its own name.
 */
#define NEW ORDERS /* A new promise comes after all that wait. */
#define IS_PROMISED(o) ((promised & BIT(o)) != 0)
#ifdef VARIANT_WAITING_BY_AGE
#define GOES_BEFORE(other, o) ((other) < (o))
#else
#define GOES_BEFORE(other, o) (IS_PROMISED(other) && !IS_PROMISED(o) || IS_PROMISED(other) == IS_PROMISED(o) && (other) < (o))
#endif

inline count(o) {
#ifdef VARIANT_NOTHING_PROTECTED
  low = last_seen - ((o == NEW || IS_PROMISED(o)) -> EXPOSED + CLAIMED : 0);
#else
  low = last_seen - EXPOSED - CLAIMED;
#endif
  high = low;
  for (o1 : 0 .. ORDERS - 1) {
    if
    :: order[o1] == waiting && GOES_BEFORE(o1, o) ->
      low--;
      high--
    :: order[o1] == reserved || UNDER_WAY(o1) || order[o1] == accepted ->
#ifdef VARIANT_ACCEPTED_IS_CONTAINED
      low = low - !(told & BIT(o1));
#else
      low = low - !((told & BIT(o1)) && (last_before & BIT(o1)));
#endif
      high = high - !((told & BIT(o1) & last_before) || (last_flying & BIT(o1)))
    :: else
    fi
  }
}

inline decide(o) {
  count(o);
  if
  :: low > 0 ->
    order[o] = reserved;
    printf("order %d: reserved\n", o);
    if
    :: IS_PROMISED(o)
    :: else -> promise()
    fi
  :: low <= 0 && high <= 0 ->
    printf("order %d: short\n", o);
    assert(!IS_PROMISED(o)); /* Whoever bought under a lease or a claim gets the pieces. */
    order[o] = refused
  :: else ->
#ifdef REACH_WAITING
    assert(!IS_PROMISED(o));
#endif
    printf("order %d: %d for sure, %d perhaps, waits\n", o, low, high);
    order[o] = waiting
  fi;
  forget()
}

inline come(is_promised) {
  printf("order %d: comes, promised %d\n", orders, is_promised);
  promised = promised | (is_promised << orders);
  orders++;
  decide(orders - 1)
}

/* The shop sells without asking; its orders come when they like. */
proctype shop() {
end:
  do
  :: atomic { number > 0 -> number--; sold++; printf("shop: sells\n"); promise() }
  :: atomic { in_feed < sold -> in_feed = sold }
  :: d_step { counted < in_feed && orders < ORDERS -> counted++; come(true) }
  od
}

/* A new level of the lease, when it fits, and the reports of the channel. */
proctype lease() {
  byte level, allowance;
end:
  do
  :: d_step {
      issued < VERSIONS ->
      count(NEW);
      if
      :: low > 0 && hold < PIECES ->
        issued++;
        hold++;
        target[issued] = hold;
        printf("authority: level %d allows %d in all\n", issued, hold)
      :: else
      fi;
      forget()
    }
  :: d_step {
      issued < VERSIONS && hold > counted ->
      issued++;
      target[issued] = counted;
#ifdef VARIANT_GIVEN_BEFORE_CONFIRMED
      hold = counted;
#endif
      printf("authority: level %d takes back what is left\n", issued)
    }
  :: atomic {
      reports?level,allowance ->
      hold = (level == issued -> allowance : hold);
#ifdef REACH_TRANSFER
      gave_back = gave_back || (target[level] < target[level - 1]);
#endif
      level = 0;
      allowance = 0
    }
  od
}

/* Writes a level by compare-and-set, and says what the shop was allowed to sell with it. */
proctype channel() {
  byte level, allowance;
end:
  do
  :: atomic {
      level < issued ->
      level++;
      number = (target[level] > sold -> target[level] - sold : 0);
      allowance = sold + number;
      printf("shop: shows %d by level %d\n", number, level)
    }
    atomic { reports!level,allowance; allowance = 0 }
  od
}

/* One buyer who claims. */
proctype buyer() {
end:
  d_step {
    claim == no_claim ->
    count(NEW);
    if
    :: low > 0 ->
      claim = open;
      version = 1;
      printf("claim: open\n")
    :: else -> claim = refused_claim
    fi;
    forget()
  }
  if
  :: claim == refused_claim -> goto end_without
  :: d_step { claim == open -> claim = confirmed; version++; printf("claim: confirmed\n") }
    atomic { promise() }
  :: d_step {
      claim == expired ->
      count(NEW);
      if
      :: low > 0 ->
        claim = confirmed;
        version++;
        printf("claim: claimed again and confirmed\n")
      :: else -> claim = refused_claim
      fi;
      forget()
    }
    if
    :: atomic { claim == confirmed -> promise() }
    :: claim == refused_claim -> goto end_without
    fi
  fi;
  d_step { orders < ORDERS -> claim = taken; come(true) }
end_without:
  skip
}

proctype timer() {
  byte due;
end:
  atomic { claim == open -> due = version }
  atomic {
    if
#ifdef VARIANT_EXPIRE_IGNORES_VERSION
    :: claim == open || claim == confirmed -> claim = expired; version++; printf("claim: expired\n")
#else
    :: version == due && claim == open -> claim = expired; version++; printf("claim: expired\n")
#endif
    :: else
    fi;
    due = 0
  }
}

proctype others() {
  byte n;
end:
  do
  :: d_step { n < PLAIN && orders < ORDERS -> n++; come(false) }
  od
}

/* The gateway and the warehouse, for one order, and the authority's second look at it when it waits. */
proctype life(byte o) {
end:
  do
  :: d_step { order[o] == waiting -> decide(o) }
  :: d_step {
      order[o] == reserved ->
      order[o] = sent;
      for (o1 : 0 .. READS - 1) {
        if
        :: phase[o1] == begun || phase[o1] == looked -> flying[o1] = flying[o1] | BIT(o)
        :: else
        fi
      }
      printf("order %d: sent\n", o);
      forget()
    }
  :: d_step { order[o] == sent -> order[o] = applied; printf("order %d: in the books\n", o) }
  :: d_step { order[o] == applied -> order[o] = accepted; printf("order %d: accepted\n", o) }
  :: d_step { order[o] == accepted && !(told & BIT(o)) -> told = told | BIT(o) }
  od
}

proctype look(byte r) {
  d_step {
    r == 0 || phase[r - 1] != idle ->
    phase[r] = begun;
    for (o1 : 0 .. ORDERS - 1) {
      before[r] = before[r] | (order[o1] == accepted -> BIT(o1) : 0);
      flying[r] = flying[r] | (UNDER_WAY(o1) -> BIT(o1) : 0)
    }
    printf("read %d started\n", r);
    forget()
  }
  d_step {
    phase[r] = looked;
    seen[r] = PIECES;
    for (o1 : 0 .. ORDERS - 1) {
      seen[r] = seen[r] - (order[o1] == applied || order[o1] == accepted)
    }
    printf("read %d sees %d\n", r, seen[r]);
    forget()
  }
  phase[r] = ended;
  d_step {
    (before[r] & ~told) == 0 ->
    if
    :: last_read < r + 1 ->
      last_read = r + 1;
      last_before = before[r];
      last_flying = flying[r];
      last_seen = seen[r];
      printf("read %d arrives: %d sellable\n", r, seen[r])
    :: else
    fi;
    before[r] = 0;
    flying[r] = 0;
    seen[r] = 0
  }
}

init {
  atomic {
    byte n;
    for (n : 0 .. ORDERS - 1) { run life(n) }
    for (n : 0 .. READS - 1) { run look(n) }
    run shop();
    run lease();
    run channel();
    run buyer();
    run timer();
    run others();
    n = 0
  }
}

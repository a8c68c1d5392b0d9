/*
 * Claims (design 6.2, rules 12 and 13 of 6.6): a buyer claims a piece before paying; the claim is extended, expires, is
 * confirmed, becomes an order or is given back. Answers get lost and calls are repeated, one of them long after, and
 * orders come twice. One article, one channel whose buyers claim, and another one whose orders come without a claim.
 */
#ifndef PIECES
#define PIECES 1
#endif
#ifndef BUYERS
#define BUYERS 2
#endif
#ifndef LOST
#define LOST 2 /* answers that get lost */
#endif
#ifndef STRAGGLERS
#define STRAGGLERS 1 /* calls to confirm that come long after they were repeated, for each buyer */
#endif
#ifndef PLAIN
#define PLAIN 1 /* orders without a claim */
#endif

mtype = { none, open, confirmed, expired, refused, taken, released };
mtype = { shopping, paid, over };

typedef Claim {
  mtype state = none;
  byte version; /* changes with everything that happens to the claim */
};

typedef Buyer {
  mtype phase = shopping;
  bool confirming; /* the shop has called to confirm, perhaps more than once */
  bool polled; /* the feed has been read since the claim was confirmed or the checkout ended */
  bool in_feed; /* the order has been read from the shop and is on the bus */
  byte deliveries; /* of that order to the authority */
};

Claim claim[BUYERS];
Buyer buyer[BUYERS];
short free = PIECES; /* as the authority keeps it, by differences */
byte orders; /* reserved at the authority */
byte orders_of_claims; /* those of them that it knows from the channel's feed, each counted once */
byte promises; /* to buyers: claims that their shop knows as confirmed, and reserved orders */
byte lost = LOST;

/* The channel says: these checkouts were over when a read of the feed began that held so many orders. */
bool fact;
byte fact_over;
byte fact_orders;

#define BIT(b) (1 << (b))

inline promise() {
  promises++;
  assert(promises <= PIECES) /* No piece is promised twice. */
}

inline confirm(b) {
  claim[b].state = confirmed;
  buyer[b].polled = false;
  claim[b].version++;
  printf("claim %d: confirmed\n", b)
}

/* What the authority does at POST /claims; the same call again changes nothing. */
inline handle_claim(b) {
  if
  :: claim[b].state == none && free > 0 ->
    free--;
    claim[b].state = open;
    claim[b].version++;
    printf("claim %d: open\n", b)
  :: claim[b].state == none && free <= 0 ->
    claim[b].state = refused;
    printf("claim %d: refused\n", b)
  :: else
  fi
}

/* What it does when the shop confirms, which is before the shop takes the money. */
inline handle_confirm(b) {
  if
  :: claim[b].state == open -> confirm(b)
  :: claim[b].state == expired || claim[b].state == released ->
#ifdef VARIANT_LATE_CONFIRM_BELIEVED
    confirm(b)
#else
    if
    :: free > 0 ->
      free--;
      confirm(b)
#ifdef REACH_CLAIMED_AGAIN
      ; assert(false)
#endif
    :: else -> printf("claim %d: late_confirm\n", b)
#ifdef REACH_LATE_CONFIRM
      ; assert(false)
#endif
    fi
#endif
  :: else
  fi
}

inline expire(b) {
  claim[b].state = expired;
  claim[b].version++;
  free++;
  printf("claim %d: expired\n", b)
}

/* Finds that a claim's time is over, and later expires it as it was found. */
proctype timer(byte b) {
  byte version;
end:
  do
  :: atomic {
#ifdef VARIANT_CONFIRMED_EXPIRES
      claim[b].state == open || claim[b].state == confirmed ->
#else
      claim[b].state == open ->
#endif
      version = claim[b].version;
      printf("claim %d: its time is over\n", b)
    }
    atomic {
      if
#ifdef VARIANT_EXPIRE_IGNORES_VERSION
      :: claim[b].state == open || claim[b].state == confirmed -> expire(b)
#else
      :: claim[b].version == version -> expire(b)
#endif
      :: else
      fi;
      version = 0
    }
  od
}

proctype checkout(byte b) {
  mtype answer;
  (b == 0 || claim[b - 1].state != none); /* Buyers are alike, so their numbers may follow their times. */
  do
  :: atomic {
      handle_claim(b);
      answer = claim[b].state
    }
    if
    :: break
    :: atomic { lost > 0 -> lost--; printf("buyer %d: no answer\n", b) }
    fi
  od;
  if
  :: answer != open -> goto leave
  :: answer == open -> goto leave /* the buyer walks away */
  :: answer == open
  :: atomic {
      answer == open && claim[b].state == open ->
      claim[b].version++;
      printf("claim %d: extended\n", b)
    }
  fi;
  do
  :: buyer[b].confirming = true;
    atomic {
      handle_confirm(b);
      answer = claim[b].state
    }
    if
    :: break
    :: atomic { lost > 0 -> lost--; printf("buyer %d: no answer\n", b) }
    :: atomic { lost > 0 -> lost--; printf("buyer %d: no answer\n", b); goto leave }
    fi
  od;
  if
  :: answer != confirmed -> goto leave
  :: atomic {
      answer == confirmed ->
      answer = 0;
      printf("buyer %d: is told yes\n", b);
      promise()
    }
  fi;
  if
  :: atomic {
      buyer[b].phase = paid;
      buyer[b].polled = false;
      printf("buyer %d: has paid\n", b)
#ifdef REACH_PAID
      ; assert(false)
#endif
    }
    goto done
  :: atomic {
      promises--;
      printf("buyer %d: the payment failed\n", b)
    }
  fi;
leave:
  atomic {
    answer = 0;
    buyer[b].phase = over;
    buyer[b].polled = false;
    printf("buyer %d: leaves\n", b)
  }
done:
  skip
}

/* A call to confirm that was sent again and comes when it likes. */
proctype straggler(byte b) {
end:
  atomic {
    buyer[b].confirming;
    printf("claim %d: a second call to confirm\n", b);
    handle_confirm(b)
  }
}

proctype plain() {
end:
  atomic {
    free > 0 ->
    free--;
    orders++;
    printf("an order without a claim: reserved\n");
    promise()
  }
}

/* Reads the shop's orders again and again; only those reads matter that may bring something new. */
#define NEW(b) (!buyer[b].polled && (buyer[b].phase == paid || claim[b].state == confirmed))

proctype feed() {
  byte b;
end:
  do
  :: atomic {
#if BUYERS == 2
      !fact && (NEW(0) || NEW(1)) ->
#else
      !fact && (NEW(0) || NEW(1) || NEW(2)) ->
#endif
      fact = true;
      for (b : 0 .. BUYERS - 1) {
        buyer[b].polled = true;
        if
        :: buyer[b].phase == paid ->
          fact_orders = fact_orders + !buyer[b].in_feed;
          buyer[b].in_feed = true;
          fact_over = fact_over | BIT(b)
        :: buyer[b].phase == over -> fact_over = fact_over | BIT(b)
        :: else
        fi
      }
      b = 0;
      printf("the feed has been read: %d orders, checkouts over %d\n", fact_orders, fact_over)
    }
  od
}

/* The order message, which may come twice. */
proctype delivery(byte b) {
end:
  do
  :: atomic {
      buyer[b].in_feed && buyer[b].deliveries < 2 ->
      buyer[b].deliveries++;
      printf("order %d: comes\n", b);
      if
      :: claim[b].state == taken
      :: claim[b].state == confirmed ->
        claim[b].state = taken;
        claim[b].version++;
        orders_of_claims++;
#ifdef VARIANT_SECOND_SET
        assert(free > 0); /* A buyer who has paid gets the pieces. */
        free--;
#endif
        orders++;
        printf("order %d: reserved\n", b)
#ifdef REACH_ORDER
        ; assert(orders < PIECES)
#endif
      :: else ->
        /* Without a claim it would have to compete. */
        assert(free > 0); /* A buyer who has paid gets the pieces. (wrong variants only) */
        free--; /* (wrong variants only) */
        claim[b].state = taken; /* (wrong variants only) */
        orders_of_claims++; /* (wrong variants only) */
        orders++ /* (wrong variants only) */
      fi
    }
  od
}

/*
 * A confirmed claim whose checkout was over before a read of the feed began has become an order in that read or never
 * will. The orders of that read come on another topic, so the fact waits until so many have come.
 */
proctype release() {
  byte b;
end:
  do
  :: atomic {
#ifdef VARIANT_FACT_OVERTAKES_ORDER
      fact ->
#else
      fact && orders_of_claims >= fact_orders ->
#endif
      fact = false;
      for (b : 0 .. BUYERS - 1) {
#ifdef VARIANT_RELEASED_EARLY
        fact_over = fact_over | BIT(b);
#endif
        if
#ifdef VARIANT_NEVER_RELEASED
        :: false ->
#elif defined(VARIANT_RELEASED_TWICE)
        :: (fact_over & BIT(b)) && (claim[b].state == confirmed || claim[b].state == taken) ->
#else
        :: (fact_over & BIT(b)) && claim[b].state == confirmed ->
#endif
          claim[b].state = released;
          claim[b].version++;
          free++;
          printf("claim %d: released, no order came\n", b)
#ifdef REACH_RELEASED
          ; assert(false)
#endif
        :: else
        fi
      }
      b = 0;
      fact_over = 0
    }
  od
}

/* When nothing is left to happen every piece is either free or in an order. */
proctype rest() {
end:
  timeout -> assert(free + orders == PIECES)
}

init {
  atomic {
    byte n;
    for (n : 0 .. BUYERS - 1) {
      run timer(n);
      run checkout(n);
#if STRAGGLERS
      run straggler(n);
#endif
      run delivery(n)
    }
    for (n : 1 .. PLAIN) { run plain() }
    run feed();
    run release();
    run rest();
    n = 0
  }
}

/*
 * The watermark (design 6.1) and rules 1, 2, 7 and 8 of 6.6: orders are reserved on the last stock read while the
 * gateway writes them to the warehouse and reads go on. One article.
 *
 * The gateway's counter is kept as the order of its steps, because only that is ever compared: a read remembers which
 * revisions were accepted before it was started (accepted <= started), and which were sent before it ended but not
 * accepted before it was started (in flight). A revision that is in neither set was sent after the read.
 */
#ifndef PIECES
#define PIECES 2
#endif
#ifndef ORDERS
#define ORDERS 2
#endif
#ifndef READS
#define READS 2
#endif

mtype = { none, asked, reserved, called_short };
mtype = { unwanted, wanted, sent, applied, accepted, refused, overtaken };
mtype = { waiting, begun, looked, ended };

typedef Revision {
  mtype state = unwanted;
  byte quantity;
};

/* The first revision is the order, the second lowers it; to 0 when it is a cancel. */
typedef Order {
  mtype verdict = none;
  Revision revision[2];
};

typedef Read {
  mtype phase = waiting;
  byte before; /* revisions accepted before it was started */
  byte flying; /* revisions that were on their way while it ran */
  byte seen; /* what the warehouse called sellable */
};

Order order[ORDERS];
byte told; /* revisions whose answer the authority knows, one bit each */
Read read[READS];
byte reads_begun;

/* The newest read that the authority has, by the order in which reads were started; 0 is the one before all orders. */
byte last_read;
byte last_before;
byte last_flying;
byte last_seen = PIECES;

/* Only within one step: every step that uses them ends with forget(). */
byte o1, r1, need, inside, most, promised;
short low, high;
bool quiet;

inline forget() {
  o1 = 0;
  r1 = 0;
  need = 0;
  inside = 0;
  most = 0;
  promised = 0;
  low = 0;
  high = 0;
  quiet = false
}

#define BIT(o, r) (1 << (2 * (o) + (r)))
#define QUANTITY(o, r) order[o].revision[r].quantity
#define STATE(o, r) order[o].revision[r].state
#define TOLD(o, r, what) ((told & BIT(o, r)) && STATE(o, r) == what)
#define IN_BOOKS(o, r) (STATE(o, r) == applied || STATE(o, r) == accepted)
#define UNDER_WAY(o, r) (STATE(o, r) == sent || STATE(o, r) == applied)
#define IN_BOOKS_PIECES(o) (IN_BOOKS(o, 1) -> QUANTITY(o, 1) : (IN_BOOKS(o, 0) -> QUANTITY(o, 0) : 0))

/* Pieces that the warehouse may yet give to this order, in truth. */
#define OWED(o) ((IN_BOOKS(o, 1) || STATE(o, 0) == overtaken) -> QUANTITY(o, 1) : QUANTITY(o, 0))

/* The last read may have seen this revision without having been started after its answer. */
#define OVERLAPS(o, r) ((last_flying & BIT(o, r)) && !TOLD(o, r, refused))
#define TAKEN(o, r) (TOLD(o, r, accepted) && (last_before & BIT(o, r)))

/*
 * What the authority knows of one order: `need` is what it may still take, `inside` what the last read certainly
 * contains of it, `most` what the read contains of it at most. A second revision only lowers, so the first is the
 * larger one.
 */
inline weigh(o) {
  need = (TOLD(o, 1, accepted) -> QUANTITY(o, 1) : QUANTITY(o, 0));
#ifdef VARIANT_RELEASED_WHEN_ASKED
  need = ((STATE(o, 1) != unwanted && !TOLD(o, 1, refused)) -> QUANTITY(o, 1) : QUANTITY(o, 0));
#endif
#ifdef VARIANT_ANSWER_OF_ANY_REVISION
  need = ((STATE(o, 1) != unwanted && TOLD(o, 0, accepted)) -> QUANTITY(o, 1) : need);
#endif
  if
  :: TAKEN(o, 1) ->
    inside = QUANTITY(o, 1);
    most = QUANTITY(o, 1)
  :: !TAKEN(o, 1) && TAKEN(o, 0) ->
    inside = (OVERLAPS(o, 1) -> QUANTITY(o, 1) : QUANTITY(o, 0));
    most = QUANTITY(o, 0)
  :: else ->
    inside = 0;
    most = (OVERLAPS(o, 0) -> QUANTITY(o, 0) : (OVERLAPS(o, 1) -> QUANTITY(o, 1) : 0))
  fi;
#ifdef VARIANT_ACCEPTED_IS_CONTAINED
  inside = ((TOLD(o, 0, accepted) || TOLD(o, 1, accepted)) -> need : 0);
#endif
#ifdef VARIANT_IN_FLIGHT_IS_CONTAINED
  inside = most;
#endif
}

/* `low` is free without doubt, `high` is what may be free at most, `promised` the sum of all needs. */
inline count() {
  low = last_seen;
  high = last_seen;
  promised = 0;
  for (o1 : 0 .. ORDERS - 1) {
    if
    :: order[o1].verdict == reserved ->
      weigh(o1);
      low = low - (need > inside -> need - inside : 0);
      high = high - (need - most);
      promised = promised + need
    :: else
    fi
  }
}

inline decide(o) {
  count();
#ifdef VARIANT_SHORT_BEYOND_LOW
  high = low;
#endif
  if
  :: QUANTITY(o, 0) <= low ->
    order[o].verdict = reserved;
    STATE(o, 0) = wanted;
    printf("order %d: %d reserved, low was %d\n", o, QUANTITY(o, 0), low);
    promised = 0;
    for (o1 : 0 .. ORDERS - 1) {
      promised = promised + (order[o1].verdict == reserved -> OWED(o1) : 0)
    }
    assert(promised <= PIECES); /* No piece is promised twice. Nothing else than a reservation adds to this sum. */
#ifdef REACH_RESERVED_AFTER_CANCEL
    assert(!(o > 0 && STATE(o - 1, 1) == accepted && PIECES < QUANTITY(o - 1, 0) + QUANTITY(o, 0)));
#endif
  :: QUANTITY(o, 0) > high ->
    printf("order %d: short of %d, high was %d\n", o, QUANTITY(o, 0), high);
#ifndef ONLY_OVERSELLING
    assert(PIECES < promised + QUANTITY(o, 0)); /* No order is called short that the pieces cover (rule 1). */
#endif
    order[o].verdict = called_short;
    QUANTITY(o, 0) = 0
#ifdef REACH_SHORT
    ; assert(false)
#endif
  :: else /* It waits for the next read. */
#ifdef REACH_WAITING
    -> assert(false)
#endif
  fi;
  forget()
}

inline place(o, pieces) {
  order[o].verdict = asked;
  QUANTITY(o, 0) = pieces;
  printf("order %d: wants %d\n", o, pieces)
}

inline lower(o, pieces) {
  STATE(o, 1) = wanted;
  QUANTITY(o, 1) = pieces;
  printf("order %d: lowered to %d\n", o, pieces)
}

/* From here on each read that is open may or may not see it. */
inline send(o, r) {
  STATE(o, r) = sent;
  for (r1 : 0 .. READS - 1) {
    if
    :: read[r1].phase == begun || read[r1].phase == looked -> read[r1].flying = read[r1].flying | BIT(o, r)
    :: else
    fi
  }
  printf("order %d: revision %d sent\n", o, r + 1);
  forget()
}

/* One order from the shop to the warehouse. Each line is one step of the shop, the authority, the gateway, the bus. */
proctype life(byte o) {
end:
  do
  /* Orders are alike, so their numbers may follow their times. */
  :: d_step { order[o].verdict == none && (o == 0 || order[o - 1].verdict != none) -> place(o, 1) }
  :: d_step { order[o].verdict == none && (o == 0 || order[o - 1].verdict != none) -> place(o, 2) }
  :: d_step { order[o].verdict == asked -> decide(o) }
  :: d_step { order[o].verdict == reserved && STATE(o, 1) == unwanted -> lower(o, 0) }
  :: d_step { QUANTITY(o, 0) == 2 && order[o].verdict == reserved && STATE(o, 1) == unwanted -> lower(o, 1) }
  /* One write per order at a time; a revision that was overtaken before it was sent is never sent. */
  :: d_step { STATE(o, 0) == wanted -> send(o, 0) }
  :: d_step {
      STATE(o, 1) == wanted && !UNDER_WAY(o, 0) ->
      if
      :: STATE(o, 0) == wanted -> STATE(o, 0) = overtaken
      :: else
      fi;
      send(o, 1)
    }
  :: d_step { STATE(o, 0) == sent -> STATE(o, 0) = applied; printf("order %d: in the books\n", o) }
  :: d_step { STATE(o, 1) == sent -> STATE(o, 1) = applied; printf("order %d: lowered in the books\n", o) }
  :: d_step { STATE(o, 0) == applied -> STATE(o, 0) = accepted; printf("order %d: accepted\n", o) }
  :: d_step { STATE(o, 1) == applied -> STATE(o, 1) = accepted; printf("order %d: lowering accepted\n", o) }
  :: d_step {
      STATE(o, 1) == sent && STATE(o, 0) == accepted ->
      STATE(o, 1) = refused;
      printf("order %d: lowering refused\n", o)
    }
  :: d_step { STATE(o, 0) == accepted && !(told & BIT(o, 0)) -> told = told | BIT(o, 0) }
  :: d_step {
      (STATE(o, 1) == accepted || STATE(o, 1) == refused) && !(told & BIT(o, 1)) ->
      told = told | BIT(o, 1)
    }
  od
}

/* The authority knows all answers, and the last read was started after them. */
inline look_if_quiet() {
  quiet = true;
  for (o1 : 0 .. ORDERS - 1) {
    for (r1 : 0 .. 1) {
      quiet = quiet && !UNDER_WAY(o1, r1) && STATE(o1, r1) != wanted;
      quiet = quiet && (STATE(o1, r1) != accepted || TAKEN(o1, r1));
      quiet = quiet && (STATE(o1, r1) != refused || (told & BIT(o1, r1)))
    }
  }
}

inline arrive(r) {
  if
  /* An older read never replaces a newer one. */
  :: last_read < r + 1 ->
    last_read = r + 1;
    last_before = read[r].before;
    last_flying = read[r].flying;
    last_seen = read[r].seen;
    printf("read %d arrives: %d sellable\n", r, read[r].seen)
  :: else
  fi;
  read[r].before = 0;
  read[r].flying = 0;
  read[r].seen = 0;
  read[r].phase = ended;
  look_if_quiet();
  count();
  assert(!quiet || low == high); /* Without anything on its way there is no doubt, so nobody waits for ever. */
#ifdef REACH_QUIET
  assert(!(quiet && promised == PIECES));
#endif
  forget()
}

/* Reads may overlap each other. */
proctype look(byte r) {
  d_step {
    reads_begun == r ->
    reads_begun++;
    read[r].phase = begun;
    for (o1 : 0 .. ORDERS - 1) {
      for (r1 : 0 .. 1) {
        if
        :: STATE(o1, r1) == accepted -> read[r].before = read[r].before | BIT(o1, r1)
        :: UNDER_WAY(o1, r1) -> read[r].flying = read[r].flying | BIT(o1, r1)
        :: else
        fi
      }
    }
    printf("read %d started\n", r);
    forget()
  }
  d_step {
    read[r].phase = looked;
    read[r].seen = PIECES;
    for (o1 : 0 .. ORDERS - 1) {
      read[r].seen = read[r].seen - IN_BOOKS_PIECES(o1)
    }
    printf("read %d sees %d\n", r, read[r].seen);
    forget()
  }
  d_step { read[r].phase = ended; printf("read %d ended\n", r) }
#ifdef VARIANT_READ_OVERTAKES
  d_step { arrive(r) }
#else
  /* Acceptances go the way of the reads, so those that the read counts as accepted have come before it (rule 2). */
  d_step { (read[r].before & ~told) == 0 -> arrive(r) }
#endif
}

init {
  atomic {
    byte n;
    for (n : 0 .. ORDERS - 1) { run life(n) }
    for (n : 0 .. READS - 1) { run look(n) }
    n = 0
  }
}

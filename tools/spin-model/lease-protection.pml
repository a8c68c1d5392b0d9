/*
 * Which exposures are protected from other orders (design 6.6, rules 3 to 6): shop X changes between leased and shared and
 * puts pieces back that nobody granted, shop Y is leased, and orders of a shared channel Z take what they get.
 *
 * X is written by compare-and-set. Y is written at once and without loss: it stands for everybody whose lease is in order.
 * An order is reserved when it comes, or is short. What was promised must be reserved: every order of Y, and as many
 * orders of X as were granted to it.
 */
#ifndef PIECES
#define PIECES 2
#endif
#ifndef VERSIONS
#define VERSIONS 2
#endif
#ifndef SWITCHES
#define SWITCHES 2
#endif
#ifndef PUT_BACK
#define PUT_BACK 1
#endif
#ifndef ANCHORS
#define ANCHORS 1
#endif
#ifndef OTHERS
#define OTHERS 1 /* orders of Z */
#endif

/* The authority's account of X: allowance and hold as in lease-authority.pml, S and L of the design. */
byte hold;
byte counted;
byte ungranted; /* L */
byte issued;
byte switched; /* the last version that was issued before the mode was changed */
bool leased = true;
byte target[VERSIONS + 1];
bool is_lease[VERSIONS + 1];

byte reserved; /* orders of all shops */
byte short_of_x;
byte others;
byte switches;

/* X itself, and its channel's feed. */
byte number;
byte sold;
byte in_feed;
byte put_back;
byte anchors;

/* Y, and what the authority has counted of it. */
byte granted_y;
byte sold_y;
byte counted_y;

/* Orders of X, first ones first, that somebody granted: only for the assertions. */
byte promised_x;

chan reports = [VERSIONS] of { byte, byte, byte };

#define LARGER(a, b) ((a) > (b) -> (a) : (b))
#define SMALLER(a, b) ((a) < (b) -> (a) : (b))
#define FREE (PIECES - reserved)
#ifdef VARIANT_EVERYTHING_PROTECTED
#define PROTECTED_X LARGER(0, hold - counted)
#else
#define PROTECTED_X LARGER(0, hold - counted - ungranted)
#endif
#define PROTECTED_Y (granted_y - counted_y)
#define PROTECTED (PROTECTED_X + PROTECTED_Y)

/* An order is reserved while it fits beside what is protected after it. */
#ifdef VARIANT_NOTHING_PROTECTED
#define FITS (FREE > 0)
#else
#define FITS (FREE > PROTECTED)
#endif

proctype buyers() {
end:
  do
  :: atomic { number > 0 -> number--; sold++; printf("shop X: sells\n") }
  :: atomic { put_back < PUT_BACK && sold > put_back -> put_back++; number++; printf("shop X: puts a piece back\n") }
  :: atomic { sold_y < granted_y -> sold_y++; printf("shop Y: sells\n") }
  od
}

/* Writes the newest level, and now and then says anew what the shop was allowed to sell (rule 10). */
proctype channel() {
  byte version, allowance, from, to, before;
end:
  do
  :: atomic {
      version < issued ->
      do
      :: version++;
        if
        :: break
        :: version < issued
        fi
      od
    }
look:
    atomic {
      /* What was sold as far as anybody can tell: orders read, or more when the number says so. */
      from = number;
      before = LARGER(in_feed, allowance - from);
      to = LARGER(0, target[version] - before)
    }
    if
    :: atomic { number != from -> goto look }
    :: atomic {
        number == from ->
        number = to;
        printf("shop X: shows %d by level %d\n", to, version);
        /* The end of a promise: for what the newest level takes from the shelf, and for all of it when it is shared. */
        if
        :: !leased && version > switched -> promised_x = SMALLER(promised_x, sold)
        :: version == issued && (leased || version <= switched) -> promised_x = SMALLER(promised_x, sold + to)
        :: else
        fi;
        allowance = before + to;
        from = 0;
        to = 0;
        before = 0
      }
    fi;
    atomic { in_feed = sold; printf("channel X: has read %d orders\n", sold) }
    atomic { reports!version,allowance,in_feed }
  :: atomic { anchors < ANCHORS && version > 0 && len(reports) == 0 -> anchors++; from = number }
    atomic {
      in_feed = sold;
      allowance = in_feed + from;
      from = 0;
      promised_x = (version == issued -> SMALLER(promised_x, sold + number) : promised_x);
      printf("channel X: reads past the number, %d allowed in all\n", allowance);
      reports!version,allowance,in_feed
    }
  od
}

/* Of the exposure of X so many pieces at most stay protected; the rest nobody granted. */
inline protect(pieces) {
  ungranted = LARGER(0, hold - counted);
  ungranted = LARGER(0, ungranted - pieces)
}

inline issue(t) {
  issued++;
  target[issued] = t;
  is_lease[issued] = leased;
  was = PROTECTED_X;
  hold = LARGER(hold, t);
  if
  :: leased -> promised_x = promised_x + PROTECTED_X - was
  :: else -> protect(was) /* What is shown in shared mode is promised to nobody. */
  fi;
  was = 0;
  printf("authority: level %d of X allows %d in all, leased %d\n", issued, t, leased)
}

/* With -DSIMPLER two conditions are left out that the design names and this model does without. */
#ifdef SIMPLER
#define NOT_BELOW_ZERO true
#define SINCE_SWITCH true
#else
#define NOT_BELOW_ZERO (hold >= counted)
#define SINCE_SWITCH (version > switched)
#endif

/* A shared shop is shown what is free, a leased one what can be granted beside all that is protected. */
#define CAN_ISSUE(t) ( \
  issued < VERSIONS && t >= counted && NOT_BELOW_ZERO && \
  (leased -> PROTECTED_Y + LARGER(0, LARGER(hold, t) - counted - ungranted) <= FREE : t - counted <= FREE))

/* The report of a write: version, allowance, and how many orders its feed had shown after it. */
inline confirmed() {
  was = PROTECTED_X;
  hold = (version == issued -> allowance : LARGER(hold, allowance));
  if
#ifdef VARIANT_ANY_REPORT
  :: !leased ->
#else
  :: !leased && version > switched ->
#endif
#ifdef VARIANT_UNFENCED
    protect(0)
#else
    /* Orders that were placed before it stay protected until they have come. */
    was = SMALLER(was, LARGER(0, seen - counted));
    protect(was)
#endif
  :: else ->
#ifdef VARIANT_UNGRANTED_PROTECTED
    ungranted = SMALLER(ungranted, LARGER(0, hold - counted))
#else
    protect(was)
#endif
  fi;
  if
  :: leased && SINCE_SWITCH && PROTECTED_Y + LARGER(0, hold - counted) <= FREE ->
#ifdef REACH_GRANTED_LATER
    assert(ungranted == 0);
#endif
    promised_x = promised_x + ungranted;
    ungranted = 0
  :: else
  fi;
  printf("authority: X was allowed %d in all by level %d, ungranted %d\n", allowance, version, ungranted);
  was = 0
}

inline switch_mode() {
  switches++;
  leased = !leased;
  switched = issued;
#ifdef VARIANT_SWITCH_DROPS
  ungranted = (leased -> ungranted : LARGER(0, hold - counted));
#endif
#ifdef VARIANT_SWITCH_PROTECTS
  ungranted = (leased -> 0 : ungranted);
#endif
  printf("authority: X is leased %d\n", leased)
}

inline order_of_x() {
  counted++;
  ungranted = SMALLER(ungranted, LARGER(0, hold - counted));
  if
  :: FITS ->
    reserved++;
    printf("authority: reserves an order of X\n")
#ifdef REACH_SOLD_BY_BOTH
    ; assert(!(counted_y > 0 && switches > 1))
#endif
  :: else ->
    short_of_x++;
    printf("authority: an order of X is short\n");
    /* As many orders of X are reserved as were granted to it, but for one for each piece that X put back. */
    assert(short_of_x <= LARGER(0, sold - promised_x) + put_back)
#ifdef REACH_SHORT
    ; assert(false)
#endif
  fi
}

proctype authority() {
  byte version, allowance, seen, was;
end:
  do
  :: atomic { CAN_ISSUE(0) -> issue(0) }
  :: atomic { CAN_ISSUE(1) -> issue(1) }
  :: atomic { CAN_ISSUE(2) -> issue(2) }
#if PIECES >= 3
  :: atomic { CAN_ISSUE(3) -> issue(3) }
#endif
  :: atomic {
      reports?version,allowance,seen ->
      confirmed();
      version = 0;
      allowance = 0;
      seen = 0
    }
  :: atomic { switches < SWITCHES -> switch_mode() }
  :: atomic { PROTECTED < FREE -> granted_y++; printf("authority: a piece for Y\n") }
  :: atomic { counted < in_feed -> order_of_x() }
  :: atomic {
      counted_y < sold_y ->
      counted_y++;
      printf("authority: an order of Y\n");
      assert(FITS); /* An order of Y is never short. */
      reserved++
    }
  :: atomic {
      others < OTHERS ->
      others++;
      printf("authority: an order of Z\n");
      if
      :: FITS -> reserved++
      :: else
      fi
    }
  od
}

init {
  atomic {
    run buyers();
    run channel();
    run authority()
  }
}

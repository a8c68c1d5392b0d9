/*
 * What the lease models share (design 6.3): shops and their buyers, order feeds, and the authority, which gives pieces to
 * shops in totals. The including file says how a shop sells (`sell`), how it is written (proctype `channel`), and the most
 * that an allowance can be while a write is in flight (`MOST`).
 *
 * A level is kept as a target in totals: what its shop may show, and the sales counted when the level was made. What is
 * free is all pieces less the orders counted; that the warehouse's figures never give more is what watermark.pml checks.
 */
typedef Account {
  byte allowance; /* A, as last confirmed */
  byte hold; /* the most that A can be with all that is in flight */
  byte counted; /* S */
  byte issued; /* the newest version of the level */
  byte target[VERSIONS + 1];
};

Account account[SHOPS];
byte sold[SHOPS]; /* in the shop */
byte in_feed[SHOPS]; /* orders that the channel has read from its shop; they reach the authority one by one, later */
byte claimed; /* pieces that the authority promised to buyers elsewhere */
byte lost = LOST; /* answers of shops that get lost */
chan reports[SHOPS] = [VERSIONS] of { byte, byte };

#if SHOPS == 1
#define SOLD sold[0]
#define COUNTED account[0].counted
#define HELD account[0].hold
#else
#define SOLD (sold[0] + sold[1])
#define COUNTED (account[0].counted + account[1].counted)
#define HELD (account[0].hold + account[1].hold)
#endif
#define FREE (PIECES - COUNTED - claimed)
#define EXPOSED (HELD - COUNTED)
#define LARGER(a, b) ((a) > (b) -> (a) : (b))

#ifdef REACH_TRANSFER
byte gave_back; /* shops whose allowance was lowered, one bit each */
#define TOOK_OVER (SHOPS == 2 -> sold[SHOPS - 1] : claimed)
#endif

inline check() {
  assert(SOLD + claimed <= PIECES); /* No more is promised to buyers than there is. */
#ifdef REACH_SOLD_OUT
  assert(SOLD < PIECES);
#endif
#ifdef REACH_CLAIMED
  assert(!(SOLD > 0 && claimed > 0));
#endif
#ifdef REACH_TRANSFER
  assert(!((gave_back & 1) && TOOK_OVER == PIECES));
#endif
  skip
}

/* A shop sells at any moment and asks nobody. */
proctype buyers(byte s) {
end:
  do
  :: atomic {
      OFFERED(s) > 0 ->
      sell(s);
      sold[s]++;
      printf("shop %d: sells\n", s);
      check()
    }
  od
}

/* The channel reads its shop's orders now and then. What was placed before a read began is in it. */
proctype feed(byte s) {
end:
  do
  :: atomic { in_feed[s] < sold[s] -> in_feed[s] = sold[s]; printf("channel %d: has read %d orders\n", s, sold[s]) }
  od
}

/* Orders are counted and reserved in one step, so that free and the exposure fall together. */
proctype count(byte s) {
end:
  do
  :: atomic {
      account[s].counted < in_feed[s] ->
      account[s].counted++;
      printf("authority: counts an order of shop %d\n", s)
    }
  od
}

/* A level may be issued when the exposures still fit into what is free, every write in flight counted at its most. */
#define FITS(s, t) ( \
  account[s].issued < VERSIONS && t >= account[s].counted && \
  EXPOSED - account[s].hold + MOST(account[s].hold, t, account[s].counted) <= FREE)

inline issue(s, t) {
#ifdef VARIANT_GIVEN_BEFORE_CONFIRMED
  account[s].hold = t;
#else
  account[s].hold = MOST(account[s].hold, t, account[s].counted);
#endif
  account[s].issued++;
  account[s].target[account[s].issued] = t;
  printf("authority: level %d of shop %d allows %d in all\n", account[s].issued, s, t)
}

proctype authority(byte s) {
  byte version, allowance;
end:
  do
  :: atomic { FITS(s, 0) -> issue(s, 0) }
  :: atomic { FITS(s, 1) -> issue(s, 1) }
#if PIECES >= 2
  :: atomic { FITS(s, 2) -> issue(s, 2) }
#endif
#if PIECES >= 3
  :: atomic { FITS(s, 3) -> issue(s, 3) }
#endif
  :: atomic { EXPOSED < FREE -> claimed++; printf("authority: a claim\n"); check() }
  :: atomic {
      reports[s]?version,allowance ->
      printf("authority: shop %d was allowed %d in all by level %d\n", s, allowance, version);
#ifdef REACH_TRANSFER
      gave_back = (allowance < account[s].allowance -> gave_back | (1 << s) : gave_back);
#endif
      account[s].allowance = allowance;
      if
      :: version == account[s].issued -> account[s].hold = allowance
      :: else /* Later levels are still in flight. */
      fi;
      version = 0;
      allowance = 0
    }
  od
}

/* The channel has seen this level; levels come in rising order, and it may be behind. */
inline take_level(s, version, target) {
  do
  :: version++;
    if
    :: break
    :: version < account[s].issued
    fi
  od;
  target = account[s].target[version]
}

inline start() {
  byte n;
  for (n : 0 .. SHOPS - 1) {
    run buyers(n);
    run feed(n);
    run count(n);
    run authority(n);
    run channel(n)
  }
  n = 0
}

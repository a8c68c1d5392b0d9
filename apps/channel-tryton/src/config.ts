import { defineChannelConfig } from '@samlast/channel-kit';
import { z } from 'zod';

const Id = z.coerce.number('must be a number, such as 5').int().min(1);

/** Where Tryton is and how to get in; the rest is the same for every channel. */
export const config = defineChannelConfig({
  /** The server's address, such as https://erp.example.test, without the database. */
  TRYTON_URL: z.url(),
  TRYTON_DATABASE: z.string().regex(/^[\w-]+$/, 'must be the name of a database, such as tryton'),
  /** A user made for this channel alone; README.md has the groups that it needs. */
  TRYTON_USERNAME: z.string().min(1),
  TRYTON_PASSWORD: z.string().min(1),
  /** The warehouse in Tryton that stands for the real one: sales and purchases of others are none of this channel's. */
  TRYTON_WAREHOUSE_ID: Id,
  /** What parcels are packed in; the oldest package type when left out. */
  TRYTON_PACKAGE_TYPE_ID: Id.optional(),
  /** Sales, purchases and articles asked for at one time. */
  TRYTON_PAGE: Id.max(500).default(50),
});

export type TrytonConfig = z.output<typeof config>;

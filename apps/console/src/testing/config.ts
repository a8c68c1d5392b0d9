/** What the browser specs read of their environment. */
export const environment = { chromium: process.env.CHROMIUM ?? '/usr/bin/chromium' };

export const environment = { chromium: process.env.CHROMIUM ?? '/usr/bin/chromium' };

'use strict';

const isUrl = (text) =>
  typeof text === 'string' && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/**
 * A plugin's options with what was left out; throws with all faults at once, each with what to do.
 *
 * @param name of the plugin, for the message
 */
function checkOptions(name, given) {
  const { channelUrl, claims, payWithinS = 1800, webhooks } = given ?? {};
  const faults = [];
  if (!isUrl(channelUrl)) faults.push('channelUrl must be the http(s) address of the channel service');
  if (claims && !(typeof claims.token === 'string' && claims.token.length >= 16))
    faults.push('claims.token must be the CLAIMS_TOKEN of the channel service, at least 16 characters');
  if (claims && ![undefined, 'refuse', 'sell'].includes(claims.unanswered))
    faults.push("claims.unanswered must be 'refuse' or 'sell'");
  for (const member of ['payWithinS', 'answerWithinMs'])
    if (claims && claims[member] !== undefined && !(Number.isInteger(claims[member]) && claims[member] > 0))
      faults.push(`claims.${member} must be a whole number above 0`);
  if (!(Number.isInteger(payWithinS) && payWithinS > 0))
    faults.push('payWithinS must be a whole number above 0');
  if (webhooks && !/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/.test(webhooks.secret ?? ''))
    faults.push('webhooks.secret must be the WEBHOOK_SECRET of the channel service, whsec_ and base64');
  if (faults.length > 0) throw new Error(`${name} cannot start:\n- ${faults.join('\n- ')}`);
  return {
    channelUrl: channelUrl.replace(/\/+$/, ''),
    payWithinS,
    ...(claims && {
      claims: { payWithinS: 1800, answerWithinMs: 3000, unanswered: 'refuse', ...claims },
    }),
    ...(webhooks && { webhooks }),
  };
}

module.exports = { checkOptions };

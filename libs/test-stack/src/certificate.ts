import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** One value of ASN.1 in DER: what kind it is, how long, and what is in it. */
function der(tag: number, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const short = body.length < 128;
  const length = short ? [body.length] : [0x82, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}
const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const text = (value: string) => der(0x0c, Buffer.from(value));
const bits = (value: Buffer) => der(0x03, Buffer.from([0]), value);
const time = (value: Date) =>
  der(0x17, Buffer.from(`${value.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const nameOf = (value: string) => sequence(der(0x31, sequence(oid('550403'), text(value))));
const extension = (id: string, critical: boolean, value: Buffer) =>
  sequence(oid(id), ...(critical ? [der(0x01, Buffer.from([255]))] : []), der(0x04, value));

const pem = (label: string, body: Buffer) =>
  `-----BEGIN ${label}-----\n${body.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;

export interface Identity {
  readonly name: string;
  readonly cert: string;
  readonly key: string;
  readonly secret: KeyObject;
}

const HOUR_MS = 3_600_000;

/** A real certificate with its key, for 127.0.0.1: signed by `issuer`, or by itself as a CA. */
export function certificate(name: string, issuer?: Identity): Identity {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => time(new Date(Date.now() + ms)));
  const extensions = issuer
    ? extension(
        '551d11',
        false,
        sequence(der(0x87, Buffer.from([127, 0, 0, 1])), der(0x82, Buffer.from(name))),
      )
    : extension('551d13', true, sequence(der(0x01, Buffer.from([255]))));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    ECDSA_SHA256,
    nameOf(issuer?.name ?? name),
    sequence(from!, to!),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extensions)),
  );
  const signature = sign('sha256', body, issuer?.secret ?? privateKey);
  return {
    name,
    cert: pem('CERTIFICATE', sequence(body, ECDSA_SHA256, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    secret: privateKey,
  };
}

// What the staff of an ERP does in Tryton: articles, sales, purchases, and a look at what became of them.
import { signedIn } from './tryton-rpc.mjs';

/** Tryton gives records in an order of its own. */
const oldestFirst = (records) => records.toSorted((one, other) => one.id - other.id);
const decimal = (number) => ({ __class__: 'Decimal', decimal: String(number) });

export function keeperOf(erp) {
  const session = signedIn(erp, erp.administrator);
  const call = async (method, ...params) => (await session)(`model.${method}`, ...params);
  const products = new Map();

  async function one(model, id, fields) {
    const [found] = await call(`${model}.read`, [id], fields);
    return found;
  }

  async function productOf(code) {
    if (!products.has(code)) {
      const [found] = await call('product.product.search', [['code', '=', code]], 0, 1, null);
      if (!found) throw new Error(`Tryton has no article ${code}.`);
      products.set(code, found);
    }
    return products.get(code);
  }

  /** Presses the buttons of a document one after another, as far as it has not gone on by itself. */
  async function press(model, id, ...buttons) {
    for (const button of buttons) await call(`${model}.${button}`, [id]);
    return one(model, id, ['number', 'state']);
  }

  async function runWizard(name, id, model, { state, values, more = {} }) {
    const ask = await session;
    const context = { active_id: id, active_ids: [id], active_model: model, ...more };
    const [wizard, start] = await ask(`wizard.${name}.create`);
    try {
      await ask.with(context)(`wizard.${name}.execute`, wizard, {}, start);
      await ask.with(context)(`wizard.${name}.execute`, wizard, { [start]: values }, state);
    } finally {
      await ask(`wizard.${name}.delete`, wizard);
    }
  }

  async function addArticle(code, { stock = 0, grams, barcode } = {}) {
    const variant = {
      suffix_code: code,
      ...(barcode && { identifiers: [['create', [{ type: 'ean', code: barcode }]]] }),
    };
    const [template] = await call('product.template.create', [
      {
        name: `Article ${code}`,
        type: 'goods',
        default_uom: erp.unit,
        salable: true,
        sale_uom: erp.unit,
        purchasable: true,
        purchase_uom: erp.unit,
        list_price: decimal(20),
        account_category: erp.category,
        ...(grams && { weight: grams, weight_uom: erp.gram }),
        products: [['create', [variant]]],
      },
    ]);
    const { products: made } = await one('product.template', template, ['products']);
    products.set(code, made[0]);
    if (stock > 0) await setStock(code, stock);
  }

  async function addCarrier(name) {
    const [party] = await call('party.party.create', [{ name }]);
    const values = { name: `Freight of ${name}`, type: 'service', default_uom: erp.unit };
    const [template] = await call('product.template.create', [{ ...values, products: [['create', [{}]]] }]);
    const { products: made } = await one('product.template', template, ['products']);
    await call('carrier.create', [{ party, carrier_product: made[0], carrier_cost_method: 'product' }]);
  }

  async function setStock(code, quantity) {
    const [id] = await call('stock.inventory.create', [
      {
        location: erp.storage,
        company: erp.company,
        lines: [['create', [{ product: await productOf(code), quantity }]]],
      },
    ]);
    await call('stock.inventory.confirm', [id]);
  }

  async function draftSale(code, quantity) {
    const { id: party, address } = erp.customer;
    const line = { type: 'line', unit: erp.unit, unit_price: decimal(20), quantity };
    const [id] = await call('sale.sale.create', [
      {
        company: erp.company,
        currency: erp.currency,
        party,
        invoice_address: address,
        shipment_address: address,
        warehouse: erp.warehouse,
        invoice_method: 'manual',
        shipment_method: 'order',
        lines: [['create', [{ ...line, product: await productOf(code) }]]],
      },
    ]);
    return id;
  }

  async function draftPurchase(code, quantity) {
    const { id: party, address } = erp.supplier;
    const line = { type: 'line', unit: erp.unit, unit_price: decimal(8), quantity };
    const [id] = await call('purchase.purchase.create', [
      {
        company: erp.company,
        currency: erp.currency,
        party,
        invoice_address: address,
        warehouse: erp.warehouse,
        invoice_method: 'manual',
        lines: [['create', [{ ...line, product: await productOf(code) }]]],
      },
    ]);
    return id;
  }

  /** Changes the quantity of the only line, by an amendment, as Tryton asks for once a document is processed. */
  async function amend(kind, id, quantity) {
    const document = `${kind}.${kind}`;
    const { lines } = await one(document, id, ['lines']);
    const { unit, product, unit_price, description } = await one(`${kind}.line`, lines[0], [
      'unit',
      'product',
      'unit_price',
      'description',
    ]);
    const line = { action: 'line', line: lines[0], product, quantity, unit, unit_price, description };
    const [amendment] = await call(`${kind}.amendment.create`, [{ [kind]: id, lines: [['create', [line]]] }]);
    await call(`${kind}.amendment.validate_amendment`, [amendment]);
  }

  /** The notes at a document, as they read. */
  async function notes(resource) {
    const found = await call('ir.note.search_read', [['resource', '=', resource]], 0, null, null, [
      'message',
    ]);
    return found.map(({ message }) => message);
  }

  /** What Tryton has planned for a document is cancelled, and staff says that it need not come again. */
  async function giveUp(kind, id) {
    const { lines } = await one(`${kind}.${kind}`, id, ['lines']);
    for (const line of await call(`${kind}.line.read`, lines, ['moves'])) {
      const moves = await call('stock.move.read', line.moves, ['state']);
      const cancelled = moves.filter(({ state }) => state === 'cancelled').map((move) => move.id);
      if (cancelled.length > 0)
        await call(`${kind}.line.write`, [line.id], { moves_ignored: [['add', cancelled]] });
    }
    await call(`${kind}.${kind}.process`, [id]);
  }

  return {
    addArticle,
    addCarrier,
    setStock,
    notes,
    runWizard,
    quote: async (code, quantity) => press('sale.sale', await draftSale(code, quantity), 'quote'),
    confirm: (id) => press('sale.sale', id, 'confirm'),
    sell: async (code, quantity) => press('sale.sale', await draftSale(code, quantity), 'quote', 'confirm'),
    order: async (code, quantity) =>
      press('purchase.purchase', await draftPurchase(code, quantity), 'quote', 'confirm'),
    changeSale: (id, quantity) => amend('sale', id, quantity),
    changePurchase: (id, quantity) => amend('purchase', id, quantity),
    touchSale: (id) => call('sale.sale.write', [id], { reference: `seen ${new Date().toISOString()}` }),
    touchPurchase: (id) =>
      call('purchase.purchase.write', [id], { reference: `seen ${new Date().toISOString()}` }),
    /** From now on the article has no number. */
    async takeCodeOff(code) {
      const product = await productOf(code);
      await call('product.product.write', [product], { suffix_code: null });
    },
    async cancelSale(id) {
      const { shipments } = await one('sale.sale', id, ['shipments']);
      await call('stock.shipment.out.cancel', shipments);
      await giveUp('sale', id);
    },
    async chooseCarrier(id, name) {
      const { shipments } = await one('sale.sale', id, ['shipments']);
      const [carrier] = await call('carrier.search', [['party.name', '=', name]], 0, 1, null);
      await call('stock.shipment.out.write', shipments, { carrier });
    },
    async cancelPurchase(id) {
      const { lines } = await one('purchase.purchase', id, ['lines']);
      const moves = (await call('purchase.line.read', lines, ['moves'])).flatMap((line) => line.moves);
      await call('stock.move.cancel', moves);
      await giveUp('purchase', id);
    },
    /** `{ state, shipmentState, shipments: [{ state, reference, carrier, notes, tracking, quantity }] }` */
    async sale(id) {
      const {
        state,
        shipment_state: shipmentState,
        shipments,
      } = await one('sale.sale', id, ['state', 'shipment_state', 'shipments']);
      const found = await call('stock.shipment.out.read', shipments, [
        'state',
        'reference',
        'carrier.party.name',
        'packages.shipping_reference',
        'outgoing_moves.quantity',
      ]);
      const noted = new Map();
      for (const shipment of shipments) noted.set(shipment, await notes(`stock.shipment.out,${shipment}`));
      return {
        state,
        shipmentState,
        shipments: oldestFirst(found).map((shipment) => ({
          state: shipment.state,
          reference: shipment.reference,
          carrier: shipment['carrier.']?.['party.'].name,
          notes: noted.get(shipment.id),
          tracking: shipment['packages.'].map(({ shipping_reference: number }) => number),
          quantity: shipment['outgoing_moves.'].reduce((sum, { quantity }) => sum + quantity, 0),
        })),
      };
    },
    /** `{ state, shipmentState, receipts: [{ state, reference, quantity }] }` */
    async purchase(id) {
      const {
        state,
        shipment_state: shipmentState,
        shipments,
      } = await one('purchase.purchase', id, ['state', 'shipment_state', 'shipments']);
      const fields = ['state', 'reference', 'incoming_moves.quantity'];
      const found = await call('stock.shipment.in.read', shipments, fields);
      return {
        state,
        shipmentState,
        receipts: oldestFirst(found).map((receipt) => ({
          state: receipt.state,
          reference: receipt.reference,
          quantity: receipt['incoming_moves.'].reduce((sum, { quantity }) => sum + quantity, 0),
        })),
      };
    },
    /** Pieces that Tryton believes to be in its storage. */
    async onHand(code) {
      const ask = (await session).with({ locations: [erp.storage], stock_date_end: null });
      const [{ quantity }] = await ask('model.product.product.read', [await productOf(code)], ['quantity']);
      return quantity;
    },
  };
}

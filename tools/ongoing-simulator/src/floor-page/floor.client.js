// Runs in the browser. The server renders the tables; this fetches them again when something changed, and
// sends commands.
const live = document.getElementById('live');
const said = document.getElementById('said');
const dialog = document.getElementById('dialog');
const viewForm = document.getElementById('view');

function viewQuery() {
  return new URLSearchParams(new FormData(viewForm));
}

async function refresh(force = false) {
  const query = viewQuery();
  if (!force) query.set('version', live.dataset.version);
  const response = await fetch(`/floor?${query}`);
  if (response.status !== 200) return;
  const focused = document.activeElement?.closest?.('#live button');
  const again =
    focused &&
    Object.entries(focused.dataset)
      .map(([name, value]) => `[data-${name}="${CSS.escape(value)}"]`)
      .join('');
  // The server has escaped all of it.
  live.innerHTML = await response.text();
  live.dataset.version = response.headers.get('x-version');
  if (again) live.querySelector(`button${again}`)?.focus();
}

async function poll() {
  try {
    if (!document.hidden) await refresh();
    if (said.dataset.lost) say('', false);
    delete said.dataset.lost;
  } catch {
    said.dataset.lost = 'yes';
    say('The simulator does not answer. Is it still running?', true);
  }
  setTimeout(poll, 700);
}

function say(text, isFault) {
  said.textContent = text;
  said.className = isFault ? 'fault' : '';
}

async function command(name, input) {
  const response = await fetch(`/control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  const answer = await response.json();
  const faults = Object.entries(answer?.modelState ?? {}).map(
    ([field, problems]) => `${field}: ${problems.join(', ')}`,
  );
  if (response.ok) say(`Done: ${name}.`, false);
  else say([answer.message, ...faults].join(' '), true);
  await refresh(true);
  return response.ok;
}

const article = ({ article: number }) => number;
const quantity = { name: 'quantity', label: 'Pieces', type: 'number', value: 1 };
const location = { name: 'location', label: 'Location (optional)', required: false };
const stockInput = (values, { article: number }) => ({
  article: number,
  quantity: Number(values.quantity),
  ...(values.location ? { location: values.location } : {}),
});
const parcelFields = () => [
  { name: 'number', label: 'Tracking number', value: `SIM${String(Date.now()).slice(-8)}` },
  { name: 'trackingUrl', label: 'Tracking link (optional)', required: false },
];

async function ask(name, input) {
  const response = await fetch(`/control/${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  return response.json();
}

async function linesOf(data) {
  const [order] = await ask('orders', { numbers: [Number(data.order)] });
  return order.lines;
}

const dialogs = {
  receive: {
    title: (data) => `Receive ${article(data)}`,
    fields: () => [quantity, location],
    input: stockInput,
  },
  adjust: {
    title: (data) => `Adjust ${article(data)}`,
    fields: () => [{ ...quantity, label: 'Pieces more, or fewer with a minus', value: -1 }, location],
    input: stockInput,
  },
  lock: {
    title: (data) => `Lock ${article(data)} for sale`,
    fields: () => [quantity, location],
    input: stockInput,
  },
  unlock: {
    title: (data) => `Unlock ${article(data)}`,
    fields: () => [quantity, location],
    input: stockInput,
  },
  ship: {
    title: () => 'Ship the order',
    fields: () => [{ name: 'carrier', label: 'Carrier', value: 'Simulated Post' }, ...parcelFields()],
    input: ({ carrier, number, trackingUrl }, data) => ({
      order: Number(data.order),
      carrier,
      parcels: [{ number, waybill: number, ...(trackingUrl ? { trackingUrl } : {}) }],
    }),
  },
  addParcel: {
    title: () => 'Add a parcel',
    fields: parcelFields,
    input: ({ number, trackingUrl }, data) => ({
      order: Number(data.order),
      number,
      waybill: number,
      ...(trackingUrl ? { trackingUrl } : {}),
    }),
  },
  typeIn: {
    title: () => 'Type in an order',
    fields: () => [
      { name: 'number', label: 'Number', value: `COUNTER-${String(Date.now()).slice(-5)}` },
      { name: 'article', label: 'Article' },
      quantity,
    ],
    input: ({ number, article: one, quantity: pieces }) => ({
      number,
      lines: [{ article: one, quantity: Number(pieces) }],
    }),
  },
  receiveAgainst: {
    title: () => 'Receive: pieces per row',
    fields: async (data) => {
      const [order] = await ask('purchaseOrders', { numbers: [Number(data.purchase)] });
      return [
        ...order.lines.map((line) => ({
          name: `row ${line.row}`,
          label: `Row ${line.row}: ${line.advised} × ${line.article}, ${line.received} received`,
          type: 'number',
          value: Math.max(0, line.advised - line.received),
          min: 0,
        })),
        { name: 'batch', label: 'Batch (optional)', required: false },
        location,
      ];
    },
    input: (values, data) => ({
      purchaseOrder: Number(data.purchase),
      ...(values.location ? { location: values.location } : {}),
      lines: Object.entries(values)
        .filter(([name, value]) => name.startsWith('row ') && Number(value) > 0)
        .map(([name, value]) => ({
          row: name.slice('row '.length),
          quantity: Number(value),
          ...(values.batch ? { batch: values.batch } : {}),
        })),
    }),
  },
  split: {
    title: () => 'Split the order: how many pieces go to a new one',
    fields: async (data) =>
      (await linesOf(data)).map((line) => ({
        name: line.row,
        label: `Row ${line.row}: ${line.ordered - line.picked} × ${line.article}`,
        type: 'number',
        value: 0,
        min: 0,
      })),
    input: (values, data) => ({
      order: Number(data.order),
      lines: Object.entries(values)
        .filter(([, value]) => Number(value) !== 0)
        .map(([row, value]) => ({ row, quantity: Number(value) })),
    }),
  },
  edit: {
    command: 'editByHand',
    title: () => 'Edit the order: 0 removes a line',
    fields: async (data) =>
      (await linesOf(data)).map((line) => ({
        name: line.row,
        label: `Row ${line.row}: ${line.article}`,
        type: 'number',
        value: line.ordered,
      })),
    input: (values, data) => {
      const rows = Object.entries(values);
      return {
        order: Number(data.order),
        remove: rows.filter(([, value]) => Number(value) === 0).map(([row]) => row),
        lines: rows
          .filter(([, value]) => Number(value) !== 0)
          .map(([row, value]) => ({ row, quantity: Number(value) })),
      };
    },
  },
};

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function openDialog(name, data) {
  const { title, fields, input, command: commandName = name } = dialogs[name];
  const inputs = (await fields(data)).map(({ label, required = true, ...properties }) => {
    const step = properties.type === 'number' ? { step: 'any' } : {};
    return element(
      'label',
      {},
      label,
      element('input', { required, autocomplete: 'off', ...step, ...properties }),
    );
  });
  const cancel = element('button', { type: 'button', textContent: 'Back' });
  cancel.addEventListener('click', () => dialog.close());
  const form = element(
    'form',
    {},
    element('h2', { id: 'dialog-title', textContent: title(data) }),
    ...inputs,
    element('p', {}, element('button', { textContent: 'OK' }), cancel),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    dialog.close();
    await command(commandName, input(values, data));
  });
  dialog.replaceChildren(form);
  dialog.showModal();
  form.querySelector('input')?.select();
}

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button[data-command], button[data-dialog]');
  if (!button) return;
  const { command: name, dialog: dialogName, ...data } = button.dataset;
  try {
    if (dialogName) await openDialog(dialogName, data);
    else if (name === 'pickShort') await command('pick', { order: Number(data.order), short: true });
    else if (data.purchase) await command(name, { purchaseOrder: Number(data.purchase) });
    else await command(name, { order: Number(data.order) });
  } catch (error) {
    say(`The simulator does not answer: ${error.message}`, true);
  }
});

viewForm.addEventListener('submit', (event) => event.preventDefault());
viewForm.addEventListener('input', () => {
  history.replaceState(null, '', `?${viewQuery()}`);
  refresh(true).catch(() => undefined);
});

poll();

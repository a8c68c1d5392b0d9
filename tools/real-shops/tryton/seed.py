"""Makes a new Tryton database one that sells and buys: a company with its accounts, and a user for a channel.

What needs wizards is done here, in process, by Tryton's own scripting client; everything else is done over its
interface, as a channel does it. Prints the ids that one has to know, as JSON.
usage: seed.py CONFIG DATABASE CHANNEL_PASSWORD
"""
import json
import sys

from proteus import Model, config

_, config_file, database, password = sys.argv
config.set_trytond(database, config_file=config_file)

# These come with Tryton's modules, for their own scenarios.
from trytond.modules.account.tests.tools import (  # noqa: E402
    create_chart, create_fiscalyear, get_accounts)
from trytond.modules.account_invoice.tests.tools import (  # noqa: E402
    set_fiscalyear_invoice_sequences)
from trytond.modules.company.tests.tools import create_company, get_company  # noqa: E402

# The groups that the README of channel-tryton asks for.
GROUPS = ['Sales', 'Purchase', 'Stock', 'Stock Force Assignment']


def saved(model, **values):
    record = Model.get(model)(**values)
    record.save()
    return record


create_company(saved('party.party', name='Goods Owner'), 'EUR')
company = get_company()
create_chart()
set_fiscalyear_invoice_sequences(create_fiscalyear()).click('create_period')
accounts = get_accounts()
category = Model.get('product.category')(name='Goods', accounting=True)
category.account_expense = accounts['expense']
category.account_revenue = accounts['revenue']
category.save()

Country = Model.get('country.country')
found = Country.find([('code', '=', 'DE')])
germany = found[0] if found else saved('country.country', name='Germany', code='DE')


def party(name, code):
    record = Model.get('party.party')(name=name)
    record.code = code
    address = record.addresses[0] if record.addresses else record.addresses.new()
    address.street = 'Hafenstrasse 1'
    address.postal_code = '20457'
    address.city = 'Hamburg'
    address.country = germany
    record.save()
    return record


customer, supplier = party('Ada Wholesale', 'C-1'), party('Grace Mills', 'S-1')
saved('stock.package.type', name='Parcel')

groups = Model.get('res.group').find([('name', 'in', GROUPS)])
assert len(groups) == len(GROUPS), [group.name for group in groups]
user = Model.get('res.user')(name='Samlast', login='samlast', password=password)
for group in groups:
    user.groups.append(group)
user.companies.append(company)
user.company = company
user.save()

warehouse, = Model.get('stock.location').find([('type', '=', 'warehouse')], limit=1)
unit, = Model.get('product.uom').find([('name', '=', 'Unit')])
gram, = Model.get('product.uom').find([('name', '=', 'Gram')])
print(json.dumps({
    'company': company.id,
    'currency': company.currency.id,
    'category': category.id,
    'warehouse': warehouse.id,
    'storage': warehouse.storage_location.id,
    'unit': unit.id,
    'gram': gram.id,
    'customer': {'id': customer.id, 'address': customer.addresses[0].id},
    'supplier': {'id': supplier.id, 'address': supplier.addresses[0].id},
    }))

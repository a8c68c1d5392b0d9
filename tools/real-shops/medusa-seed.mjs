// Makes an empty Medusa a shop that sells, over its admin interface alone.

/** Gives back what a buyer and a connector need to know of the shop; each shop gets ids and keys of its own. */
export async function seedShop(admin, { code, skus, stock, country = 'de' }) {
  const {
    stores: [store],
  } = await admin.get('/admin/stores');
  await admin.post(`/admin/stores/${store.id}`, {
    name: code,
    supported_currencies: [{ currency_code: 'eur', is_default: true }],
  });
  const { sales_channel } = await admin.post('/admin/sales-channels', { name: `${code} web` });
  const { region } = await admin.post('/admin/regions', {
    name: country,
    currency_code: 'eur',
    countries: [country],
    payment_providers: ['pp_system_default'],
  });
  await admin.post('/admin/tax-regions', { country_code: country, provider_id: 'tp_system' });
  const keys = await seedKeys(admin, code, sales_channel.id);
  const shipping = await seedShipping(admin, { code, country, salesChannelId: sales_channel.id });
  const articles = [];
  for (const sku of skus) {
    articles.push(await seedArticle(admin, { sku, stock, salesChannelId: sales_channel.id, ...shipping }));
  }
  return {
    code,
    country,
    ...keys,
    regionId: region.id,
    salesChannelId: sales_channel.id,
    stockLocationId: shipping.stockLocationId,
    shippingOptionId: shipping.shippingOptionId,
    articles,
  };
}

async function seedKeys(admin, code, salesChannelId) {
  const { api_key: publishable } = await admin.post('/admin/api-keys', {
    title: `${code} store`,
    type: 'publishable',
  });
  await admin.post(`/admin/api-keys/${publishable.id}/sales-channels`, { add: [salesChannelId] });
  const { api_key: secret } = await admin.post('/admin/api-keys', {
    title: `${code} connector`,
    type: 'secret',
  });
  return { publishableKey: publishable.token, secretKey: secret.token };
}

async function seedShipping(admin, { code, country, salesChannelId }) {
  const { stock_location } = await admin.post('/admin/stock-locations', {
    name: `${code} warehouse`,
    address: {
      address_1: 'Lagergatan 1',
      city: 'Lagerstad',
      country_code: country.toUpperCase(),
      postal_code: '10000',
    },
  });
  const location = `/admin/stock-locations/${stock_location.id}`;
  await admin.post(`${location}/sales-channels`, { add: [salesChannelId] });
  await admin.post(`${location}/fulfillment-providers`, { add: ['manual_manual'] });
  const { stock_location: withSets } = await admin.post(
    `${location}/fulfillment-sets?fields=*fulfillment_sets`,
    {
      name: `${code} shipping`,
      type: 'shipping',
    },
  );
  const { fulfillment_set } = await admin.post(
    `/admin/fulfillment-sets/${withSets.fulfillment_sets[0].id}/service-zones`,
    { name: country, geo_zones: [{ type: 'country', country_code: country }] },
  );
  const { shipping_profiles } = await admin.get('/admin/shipping-profiles');
  const profile =
    shipping_profiles[0] ??
    (await admin.post('/admin/shipping-profiles', { name: 'Default', type: 'default' })).shipping_profile;
  const { shipping_option } = await admin.post('/admin/shipping-options', {
    name: 'Parcel',
    service_zone_id: fulfillment_set.service_zones[0].id,
    shipping_profile_id: profile.id,
    provider_id: 'manual_manual',
    price_type: 'flat',
    type: { label: 'Parcel', description: 'Parcel', code: 'parcel' },
    prices: [{ currency_code: 'eur', amount: 5 }],
    rules: [],
  });
  return {
    stockLocationId: stock_location.id,
    shippingOptionId: shipping_option.id,
    shippingProfileId: profile.id,
  };
}

async function seedArticle(admin, { sku, stock, salesChannelId, stockLocationId, shippingProfileId }) {
  const { product } = await admin.post('/admin/products', {
    title: `Article ${sku}`,
    status: 'published',
    shipping_profile_id: shippingProfileId,
    sales_channels: [{ id: salesChannelId }],
    options: [{ title: 'Size', values: ['One'] }],
    variants: [
      {
        title: 'One',
        sku,
        manage_inventory: true,
        options: { Size: 'One' },
        prices: [{ currency_code: 'eur', amount: 20 }],
      },
    ],
  });
  const {
    inventory_items: [item],
  } = await admin.get(`/admin/inventory-items?sku=${encodeURIComponent(sku)}`);
  await admin.post(`/admin/inventory-items/${item.id}/location-levels`, {
    location_id: stockLocationId,
    stocked_quantity: stock,
  });
  return { sku, productId: product.id, variantId: product.variants[0].id, inventoryItemId: item.id };
}

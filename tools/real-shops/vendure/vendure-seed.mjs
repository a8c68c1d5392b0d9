// Makes a populated Vendure a shop that sells, over its admin interface alone.

/** Gives back what a buyer and a connector need to know of the shop. */
export async function seedShop(ask, { code, skus, stock }) {
  const { stockLocations, taxCategories, activeChannel } = await ask(
    '{ stockLocations { items { id } } taxCategories { items { id } } activeChannel { id token } }',
  );
  await ask(
    `mutation($id: ID!) {
       updateChannel(input: { id: $id, defaultCurrencyCode: EUR, availableCurrencyCodes: [EUR] }) { __typename }
     }`,
    { id: activeChannel.id },
  );
  await ask('mutation { updateGlobalSettings(input: { trackInventory: true }) { __typename } }');
  const stockLocationId = stockLocations.items[0].id;
  const taxCategoryId = taxCategories.items[0].id;
  const articles = [];
  for (const sku of skus)
    articles.push(await seedArticle(ask, { sku, stock, stockLocationId, taxCategoryId }));
  return { code, channelToken: activeChannel.token, stockLocationId, articles };
}

async function seedArticle(ask, { sku, stock, stockLocationId, taxCategoryId }) {
  const { createProduct } = await ask(
    'mutation($input: CreateProductInput!) { createProduct(input: $input) { id } }',
    {
      input: {
        enabled: true,
        translations: [
          { languageCode: 'en', name: `Article ${sku}`, slug: sku.toLowerCase(), description: '' },
        ],
      },
    },
  );
  const variant = {
    productId: createProduct.id,
    sku,
    price: 2000,
    taxCategoryId,
    trackInventory: 'TRUE',
    stockLevels: [{ stockLocationId, stockOnHand: stock }],
    translations: [{ languageCode: 'en', name: `Article ${sku}` }],
  };
  const { createProductVariants } = await ask(
    'mutation($input: [CreateProductVariantInput!]!) { createProductVariants(input: $input) { id } }',
    { input: [variant] },
  );
  return { sku, productId: createProduct.id, variantId: createProductVariants[0].id };
}

<?php
/**
 * Plugin Name: Samlast stock
 * Description: Lets Samlast read and write stock numbers under a lock, so that no write puts back what was just sold.
 * Version: 0.1.0
 * Requires at least: 6.0
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * License: MIT
 *
 * GET  /wp-json/wc-samlast/v1/stock?skus[]=A&skus[]=B
 * POST /wp-json/wc-samlast/v1/stock {"writes": [{"sku", "write_id", "from", "to"}]}
 *
 * The namespace begins with wc-, since WooCommerce takes its API keys for such routes only.
 */

namespace Samlast\Stock;

defined( 'ABSPATH' ) || exit;

const MOST = 100;

add_action( 'rest_api_init', __NAMESPACE__ . '\\register_routes' );
add_action( 'before_woocommerce_init', __NAMESPACE__ . '\\declare_compatibility' );

/** It asks for held stock through WooCommerce, so where orders are kept is the same to it. */
function declare_compatibility() {
	if ( class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
		\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( 'custom_order_tables', __FILE__, true );
	}
}

function register_routes() {
	$may = function () {
		return current_user_can( 'edit_others_products' );
	};
	register_rest_route(
		'wc-samlast/v1',
		'/stock',
		array(
			array(
				'methods'             => 'GET',
				'callback'            => __NAMESPACE__ . '\\read_stock',
				'permission_callback' => $may,
				'args'                => array(
					'skus' => array(
						'type'     => 'array',
						'items'    => array( 'type' => 'string' ),
						'minItems' => 1,
						'maxItems' => MOST,
						'required' => true,
					),
				),
			),
			array(
				'methods'             => 'POST',
				'callback'            => __NAMESPACE__ . '\\write_stock',
				'permission_callback' => $may,
				'args'                => array(
					'writes' => array(
						'type'     => 'array',
						'maxItems' => MOST,
						'required' => true,
						'items'    => array(
							'type'       => 'object',
							'properties' => array(
								'sku'      => array(
									'type'     => 'string',
									'required' => true,
								),
								'write_id' => array(
									'type'     => 'string',
									'required' => true,
								),
								'from'     => array(
									'type'     => 'integer',
									'required' => true,
								),
								'to'       => array(
									'type'     => 'integer',
									'minimum'  => 0,
									'required' => true,
								),
							),
						),
					),
				),
			),
		)
	);
}

/** Every product and variation with one of these SKUs; one SKU may be there several times. */
function read_stock( \WP_REST_Request $request ) {
	$articles = array();
	foreach ( $request['skus'] as $sku ) {
		foreach ( ids_of( $sku ) as $id ) {
			$product = wc_get_product( $id );
			if ( ! $product ) {
				continue;
			}
			$managed    = manages_own_stock( $product );
			$articles[] = array(
				'sku'     => $sku,
				'id'      => $id,
				'managed' => $managed,
				'stock'   => $managed ? (int) floor( stored_stock( $id ) ) : 0,
				'held'    => $managed ? (int) wc_get_held_stock_quantity( $product ) : 0,
			);
		}
	}
	return rest_ensure_response( array( 'articles' => $articles ) );
}

function write_stock( \WP_REST_Request $request ) {
	$answers = array();
	foreach ( $request['writes'] as $write ) {
		$answers[] = array( 'sku' => $write['sku'] ) + write_one( $write );
	}
	return rest_ensure_response( array( 'answers' => $answers ) );
}

/**
 * Writes `to` if the number still is `from`. Its row is locked from the reading to the commit, so that a sale in between
 * waits and is taken off the new number. What checkouts hold stays: WooCommerce takes their payment without looking at
 * the number again.
 */
function write_one( array $write ) {
	global $wpdb;
	$ids = ids_of( $write['sku'] );
	if ( count( $ids ) !== 1 ) {
		return array( 'outcome' => $ids ? 'duplicate' : 'unknown' );
	}
	$product = wc_get_product( $ids[0] );
	if ( ! $product || ! manages_own_stock( $product ) ) {
		return array( 'outcome' => $product ? 'unmanaged' : 'unknown' );
	}
	$wpdb->query( 'START TRANSACTION' );
	try {
		$stock = stored_stock( $ids[0], ' FOR UPDATE' );
		if ( (float) $write['from'] !== floor( $stock ) ) {
			$wpdb->query( 'ROLLBACK' );
			return array(
				'outcome' => 'changed',
				'stock'   => (int) floor( $stock ),
			);
		}
		$held    = (float) wc_get_held_stock_quantity( $product );
		$written = (int) ceil( max( (float) $write['to'], min( $held, $stock ) ) );
		wc_update_product_stock( $product, $written, 'set' );
		$wpdb->query( 'COMMIT' );
	} catch ( \Throwable $error ) {
		$wpdb->query( 'ROLLBACK' );
		throw $error;
	}
	wc_get_logger()->info(
		sprintf( '%s %s: %d, was %d, %d were asked for', $write['write_id'], $write['sku'], $written, $stock, $write['to'] ),
		array( 'source' => 'samlast-stock' )
	);
	return array(
		'outcome' => 'set',
		'stock'   => $written,
	);
}

/** A variation whose product keeps the stock of all has none of its own. */
function manages_own_stock( \WC_Product $product ) {
	return $product->managing_stock() && $product->get_stock_managed_by_id() === $product->get_id();
}

/** The number in the database, not the one in an object that was loaded before. */
function stored_stock( $id, $lock = '' ) {
	global $wpdb;
	$sql = "SELECT meta_value FROM {$wpdb->postmeta} WHERE post_id = %d AND meta_key = '_stock' ORDER BY meta_id LIMIT 1";
	return (float) $wpdb->get_var( $wpdb->prepare( $sql, $id ) . $lock ); // phpcs:ignore WordPress.DB.PreparedSQL
}

/** MySQL compares without regard to case, article numbers are told apart by it. */
function ids_of( $sku ) {
	global $wpdb;
	$rows = $wpdb->get_results(
		$wpdb->prepare(
			"SELECT p.ID AS id, m.meta_value AS sku FROM {$wpdb->posts} p
			JOIN {$wpdb->postmeta} m ON m.post_id = p.ID AND m.meta_key = '_sku'
			WHERE m.meta_value = %s AND p.post_type IN ('product', 'product_variation') AND p.post_status <> 'trash'
			ORDER BY p.ID",
			$sku
		)
	);
	$ids = array();
	foreach ( $rows as $row ) {
		if ( $row->sku === $sku ) {
			$ids[] = (int) $row->id;
		}
	}
	return $ids;
}

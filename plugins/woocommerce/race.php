<?php
/**
 * Races the plugin's writes against sales on a real MariaDB or MySQL, with stand-ins for what it calls of WordPress and
 * WooCommerce. What it proves is the SQL: that no sale is erased, and that what a checkout holds is left.
 *
 *   RACE_SOCKET=/run/mysqld/mysqld.sock php race.php        (user root, database samlast_race, which it drops and makes)
 */

const ABSPATH = __DIR__;
const SECONDS = 5;

class Fake_Db {
	public $posts    = 'posts';
	public $postmeta = 'postmeta';
	private $link;

	public function __construct() {
		mysqli_report( MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT );
		$this->link = new mysqli( null, 'root', '', '', 0, getenv( 'RACE_SOCKET' ) ?: '/run/mysqld/mysqld.sock' );
	}
	public function query( $sql ) {
		return $this->link->query( $sql );
	}
	public function prepare( $sql, ...$values ) {
		$quoted = array_map( fn( $value ) => is_int( $value ) ? $value : $this->link->real_escape_string( $value ), $values );
		return vsprintf( str_replace( '%s', "'%s'", $sql ), $quoted );
	}
	public function get_var( $sql ) {
		return $this->query( $sql )->fetch_row()[0] ?? null;
	}
	public function get_results( $sql ) {
		return array_map( fn( $row ) => (object) $row, $this->query( $sql )->fetch_all( MYSQLI_ASSOC ) );
	}
}

class WC_Product {
	private $id;
	public function __construct( $id ) {
		$this->id = $id;
	}
	public function get_id() {
		return $this->id;
	}
	public function managing_stock() {
		return true;
	}
	public function get_stock_managed_by_id() {
		return $this->id;
	}
}

/** What of a request the plugin looks at. */
class WP_REST_Request implements ArrayAccess {
	private $values;
	public function __construct( array $values ) {
		$this->values = $values;
	}
	public function offsetExists( $name ): bool {
		return isset( $this->values[ $name ] );
	}
	#[ReturnTypeWillChange]
	public function offsetGet( $name ) {
		return $this->values[ $name ];
	}
	public function offsetSet( $name, $value ): void {}
	public function offsetUnset( $name ): void {}
}

function add_action() {}
function wc_get_product( $id ) {
	return new WC_Product( $id );
}
/** As WooCommerce does it: the sum of what other checkouts hold. */
function wc_get_held_stock_quantity() {
	global $wpdb;
	return (float) $wpdb->get_var( 'SELECT COALESCE(SUM(pieces), 0) FROM holds' );
}
/** One statement, as WooCommerce's data store has it. */
function wc_update_product_stock( $product, $pieces, $operation ) {
	global $wpdb;
	$to = 'set' === $operation ? (string) $pieces : "meta_value - $pieces";
	$wpdb->query( "UPDATE postmeta SET meta_value = $to WHERE post_id = {$product->get_id()} AND meta_key = '_stock'" );
}
function wc_get_logger() {
	return new class() {
		public function info() {}
	};
}
function rest_ensure_response( $body ) {
	return $body;
}

/** A checkout asks for the number less holds under the row's lock, holds, and takes its piece off at the payment. */
function sell() {
	global $wpdb;
	$wpdb->query(
		"INSERT INTO holds (pieces) SELECT 1 FROM DUAL WHERE
		(SELECT meta_value FROM postmeta WHERE post_id = 1 AND meta_key = '_stock' FOR UPDATE)
		- (SELECT COALESCE(SUM(pieces), 0) FROM holds h FOR UPDATE) >= 1"
	);
	$hold = (int) $wpdb->get_var( 'SELECT IF(ROW_COUNT() > 0, LAST_INSERT_ID(), 0)' );
	if ( ! $hold ) {
		return 0;
	}
	usleep( random_int( 0, 3000 ) );
	wc_update_product_stock( new WC_Product( 1 ), 1, 'decrease' );
	$wpdb->query( "INSERT INTO below SELECT meta_value FROM postmeta WHERE meta_key = '_stock' AND meta_value < 0" );
	$wpdb->query( "DELETE FROM holds WHERE id = $hold" );
	return 1;
}

/** Runs `work` in so many processes until the time is up; the sum of what each came to. */
function in_processes( $count, $work ) {
	$pipes = array();
	for ( $process = 0; $process < $count; $process++ ) {
		$pair = stream_socket_pair( STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0 );
		if ( 0 === pcntl_fork() ) {
			$GLOBALS['wpdb'] = new Fake_Db();
			$GLOBALS['wpdb']->query( 'USE samlast_race' );
			$sum = 0;
			for ( $end = microtime( true ) + SECONDS; microtime( true ) < $end; ) {
				try {
					$sum += $work();
				} catch ( mysqli_sql_exception $error ) {
					// A deadlock is rolled back whole, and tried again by nobody.
					if ( 1213 !== $error->getCode() ) {
						throw $error;
					}
					$GLOBALS['wpdb']->query( 'ROLLBACK' );
				}
			}
			fwrite( $pair[1], "$sum\n" );
			exit( 0 );
		}
		$pipes[] = $pair[0];
	}
	return $pipes;
}

function sum_of( $pipes ) {
	return array_sum( array_map( fn( $pipe ) => (int) fgets( $pipe ), $pipes ) );
}

require __DIR__ . '/samlast-stock.php';

$wpdb = new Fake_Db();
foreach ( array(
	'DROP DATABASE IF EXISTS samlast_race',
	'CREATE DATABASE samlast_race',
	'USE samlast_race',
	'CREATE TABLE posts (ID int PRIMARY KEY, post_type varchar(20), post_status varchar(20)) ENGINE=InnoDB',
	'CREATE TABLE postmeta (meta_id int AUTO_INCREMENT PRIMARY KEY, post_id int, meta_key varchar(255), meta_value longtext,
		KEY post_id (post_id), KEY meta_key (meta_key(191))) ENGINE=InnoDB',
	'CREATE TABLE holds (id int AUTO_INCREMENT PRIMARY KEY, pieces int) ENGINE=InnoDB',
	'CREATE TABLE below (pieces int) ENGINE=InnoDB',
	"INSERT INTO posts VALUES (1, 'product', 'publish')",
	"INSERT INTO postmeta (post_id, meta_key, meta_value) VALUES (1, '_sku', 'MUG'), (1, '_stock', '0')",
) as $statement ) {
	$wpdb->query( $statement );
}

// Writers allow so many pieces in all: each write that succeeds adds what it raised the number by, or takes away.
$write = function () {
	$articles = Samlast\Stock\read_stock( new WP_REST_Request( array( 'skus' => array( 'MUG' ) ) ) );
	$from     = $articles['articles'][0]['stock'];
	$answers  = Samlast\Stock\write_stock(
		new WP_REST_Request(
			array(
				'writes' => array(
					array(
						'sku'      => 'MUG',
						'write_id' => 'w',
						'from'     => $from,
						'to'       => random_int( 0, 6 ),
					),
				),
			)
		)
	);
	$answer   = $answers['answers'][0];
	return 'set' === $answer['outcome'] ? $answer['stock'] - $from : 0;
};
$sellers = in_processes( 4, 'sell' );
$writers = in_processes( 2, $write );
$sold    = sum_of( $sellers );
$allowed = sum_of( $writers );
$wpdb    = new Fake_Db();
$wpdb->query( 'USE samlast_race' );
$left    = (int) $wpdb->get_var( "SELECT meta_value FROM postmeta WHERE meta_key = '_stock'" );
$below   = (int) $wpdb->get_var( 'SELECT COUNT(*) FROM below' );
$right   = $allowed === $sold + $left && 0 === $below;
printf( "allowed %d, sold %d, left %d, sold below zero %d: %s\n", $allowed, $sold, $left, $below, $right ? 'right' : 'WRONG' );
exit( $right ? 0 : 1 );

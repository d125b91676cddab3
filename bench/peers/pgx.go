// pgx.go: a peer (see peers.py): pgx 4, prepared statements, batches where it has them. Connects by
// PGHOST and so on.
package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand"
	"os"
	"time"

	"github.com/jackc/pgtype"
	"github.com/jackc/pgx/v4"
)

const users, loaded = 100000, 100000
const columns = "id, name, email, email_verified, image, created_at, updated_at"

type user struct {
	id            string
	name          *string
	email         string
	emailVerified *time.Time
	image         *string
	createdAt     time.Time
	updatedAt     time.Time
}

var statements = map[string]string{
	"by_email": "select " + columns + " from auth.users where email = $1",
	"by_id":    "select " + columns + " from auth.users where id = $1",
	"page":     "select " + columns + " from auth.users where id > $1 order by id limit 1000",
	"all":      "select " + columns + " from auth.users",
	"accounts_of": "select user_id, type::text, provider, provider_account_id, refresh_token," +
		" access_token, expires_at, token_type, scope, id_token, session_state" +
		" from auth.accounts where user_id = $1",
	"sessions_of": "select session_token, user_id, expires from auth.sessions where user_id = $1",
	"session": "insert into auth.sessions (session_token, user_id, expires)" +
		" values ($1, $2, $3) returning session_token, user_id, expires",
	"rename":   "update auth.users set name = $2, updated_at = now() where id = $1",
	"new_user": "insert into auth.users (id, name, email) values ($1, $2, $3)",
	"new_account": "insert into auth.accounts (user_id, type, provider, provider_account_id," +
		" access_token) values ($1, 'oauth', 'github', $2, $3)",
	"new_session": "insert into auth.sessions (session_token, user_id, expires) values ($1, $2, $3)",
}

var ctx = context.Background()
var expires = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
var db *pgx.Conn
var number int

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func six(n int) string { return fmt.Sprintf("user%06d", n) }
func some() string     { return six(rand.Intn(users)) }
func fresh() string    { number++; return fmt.Sprintf("bench-%d-%d", os.Getpid(), number) }

func scanUser(row pgx.Row) (u user) {
	check(row.Scan(&u.id, &u.name, &u.email, &u.emailVerified, &u.image, &u.createdAt, &u.updatedAt))
	return u
}

func scanUsers(rows pgx.Rows, err error) (all []user) {
	check(err)
	defer rows.Close()
	for rows.Next() {
		all = append(all, scanUser(rows))
	}
	check(rows.Err())
	return all
}

func readUser() { scanUser(db.QueryRow(ctx, "by_email", some()+"@example.org")) }

func insertSession() {
	var token, id string
	var at time.Time
	check(db.QueryRow(ctx, "session", fresh(), some(), expires).Scan(&token, &id, &at))
}

func readPage() { scanUsers(db.Query(ctx, "page", six(rand.Intn(users-1000)))) }
func scan()     { scanUsers(db.Query(ctx, "all")) }

func load() {
	_, err := db.CopyFrom(ctx, pgx.Identifier{"auth", "feedback"},
		[]string{"user_id", "rating", "message", "metadata"},
		pgx.CopyFromSlice(loaded, func(i int) ([]interface{}, error) {
			json := fmt.Sprintf(`{"page": "/p/%d", "v": %d}`, i%100, i%7)
			return []interface{}{six(i * 7 % users), int16(1 + i%5),
				fmt.Sprintf("%d: it works and so far nobody complained", i),
				&pgtype.JSONB{Bytes: []byte(json), Status: pgtype.Present}}, nil
		}))
	check(err)
}

func readBatch() {
	batch := &pgx.Batch{}
	for i := 0; i < 100; i++ {
		batch.Queue("by_email", some()+"@example.org")
	}
	results := db.SendBatch(ctx, batch)
	for i := 0; i < 100; i++ {
		scanUser(results.QueryRow())
	}
	check(results.Close())
}

func updateUser() {
	_, err := db.Exec(ctx, "rename", some(), fmt.Sprint("Name ", number))
	number++
	check(err)
}

func readNested() {
	id := some()
	batch := &pgx.Batch{}
	for _, name := range []string{"by_id", "accounts_of", "sessions_of"} {
		batch.Queue(name, id)
	}
	results := db.SendBatch(ctx, batch)
	scanUser(results.QueryRow())
	rows, err := results.Query()
	check(err)
	for rows.Next() {
		var texts [10]*string
		var at *int64
		check(rows.Scan(&texts[0], &texts[1], &texts[2], &texts[3], &texts[4], &texts[5], &at,
			&texts[6], &texts[7], &texts[8], &texts[9]))
	}
	rows, err = results.Query()
	check(err)
	for rows.Next() {
		var token, user string
		var at time.Time
		check(rows.Scan(&token, &user, &at))
	}
	check(results.Close())
}

func insertThree() {
	id := fresh()
	tx, err := db.Begin(ctx)
	check(err)
	batch := &pgx.Batch{}
	batch.Queue("new_user", id, "Ada Byron", id)
	batch.Queue("new_account", id, id, "not a secret at all")
	batch.Queue("new_session", id, id, expires)
	check(tx.SendBatch(ctx, batch).Close())
	check(tx.Commit(ctx))
}

func main() {
	calls := []func(){readUser, insertSession, readPage, scan, load, readBatch, updateUser,
		readNested, insertThree}
	var err error
	db, err = pgx.Connect(ctx, "")
	check(err)
	for name, text := range statements {
		_, err = db.Prepare(ctx, name, text)
		check(err)
	}
	fmt.Println(db.PgConn().PID())
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var workload, n int
		var ms float64
		_, err = fmt.Sscanf(lines.Text(), "W%d %f", &workload, &ms)
		check(err)
		start := time.Now()
		for n == 0 || time.Since(start).Seconds() < ms/1e3 {
			calls[workload-1]()
			n++
		}
		fmt.Println(n, time.Since(start).Seconds())
	}
}

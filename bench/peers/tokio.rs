// tokio.rs: a peer (see peers.py): tokio-postgres, prepared statements, pipelined by joined futures.
// Connects by PGHOST, PGPORT, PGUSER and PGDATABASE.
use bytes::BytesMut;
use futures_util::{future::join_all, join, pin_mut};
use std::collections::HashMap;
use std::io::BufRead;
use std::time::{Duration, Instant, SystemTime};
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{to_sql_checked, IsNull, ToSql, Type};
use tokio_postgres::{Client, NoTls, Row, Statement};

const USERS: u32 = 100000;
const LOADED: u32 = 100000;
const COLUMNS: &str = "id, name, email, email_verified, image, created_at, updated_at";

#[allow(dead_code)]
struct User {
    id: String,
    name: Option<String>,
    email: String,
    email_verified: Option<SystemTime>,
    image: Option<String>,
    created_at: SystemTime,
    updated_at: SystemTime,
}

fn user_of(row: &Row) -> User {
    User {
        id: row.get(0),
        name: row.get(1),
        email: row.get(2),
        email_verified: row.get(3),
        image: row.get(4),
        created_at: row.get(5),
        updated_at: row.get(6),
    }
}

#[derive(Debug)]
struct Json(String);
impl ToSql for Json {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        out.extend_from_slice(&[1]);
        out.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
    fn accepts(ty: &Type) -> bool {
        *ty == Type::JSONB
    }
    to_sql_checked!();
}

struct Peer {
    db: Client,
    st: HashMap<&'static str, Statement>,
    seed: u32,
    number: u64,
    expires: SystemTime,
}

impl Peer {
    fn any(&mut self, below: u32) -> String {
        self.seed ^= self.seed << 13;
        self.seed ^= self.seed >> 17;
        self.seed ^= self.seed << 5;
        format!("user{:06}", self.seed % below)
    }
    fn email(&mut self) -> String {
        self.any(USERS) + "@example.org"
    }
    fn fresh(&mut self) -> String {
        self.number += 1;
        format!("bench-{}-{}", std::process::id(), self.number)
    }

    async fn read_batch(&mut self) {
        let emails: Vec<String> = (0..100).map(|_| self.email()).collect();
        let (db, by_email) = (&self.db, &self.st["by_email"]);
        let users = join_all(emails.iter().map(|email| async move {
            user_of(&db.query_one(by_email, &[email]).await.unwrap())
        }))
        .await;
        std::hint::black_box(users);
    }

    async fn read_nested(&mut self) {
        let id = self.any(USERS);
        let key: [&(dyn ToSql + Sync); 1] = [&id];
        let (user, accounts, sessions) = join!(
            self.db.query_one(&self.st["by_id"], &key),
            self.db.query(&self.st["accounts_of"], &key),
            self.db.query(&self.st["sessions_of"], &key)
        );
        let user = user_of(&user.unwrap());
        let accounts: Vec<(Vec<Option<String>>, Option<i64>)> = accounts
            .unwrap()
            .iter()
            .map(|r| ((0..11).filter(|i| *i != 6).map(|i| r.get(i)).collect(), r.get(6)))
            .collect();
        let sessions: Vec<(String, String, SystemTime)> =
            sessions.unwrap().iter().map(|r| (r.get(0), r.get(1), r.get(2))).collect();
        std::hint::black_box((user, accounts, sessions));
    }

    async fn insert_three(&mut self) {
        let (id, expires) = (self.fresh(), self.expires);
        let st = &self.st;
        let tx = self.db.transaction().await.unwrap();
        {
            let user: [&(dyn ToSql + Sync); 3] = [&id, &"Ada Byron", &id];
            let account: [&(dyn ToSql + Sync); 3] = [&id, &id, &"not a secret at all"];
            let session: [&(dyn ToSql + Sync); 3] = [&id, &id, &expires];
            let done = join!(
                tx.execute(&st["new_user"], &user),
                tx.execute(&st["new_account"], &account),
                tx.execute(&st["new_session"], &session)
            );
            done.0.unwrap();
            done.1.unwrap();
            done.2.unwrap();
        }
        tx.commit().await.unwrap();
    }

    async fn load(&mut self) {
        let copy = "copy auth.feedback (user_id, rating, message, metadata) \
                    from stdin (format binary)";
        let sink = self.db.copy_in(copy).await.unwrap();
        let types = [Type::TEXT, Type::INT2, Type::TEXT, Type::JSONB];
        let rows = BinaryCopyInWriter::new(sink, &types);
        pin_mut!(rows);
        for i in 0..LOADED {
            let user = format!("user{:06}", i * 7 % USERS);
            let rating = (1 + i % 5) as i16;
            let message = format!("{}: it works and so far nobody complained", i);
            let json = Json(format!("{{\"page\": \"/p/{}\", \"v\": {}}}", i % 100, i % 7));
            rows.as_mut().write(&[&user, &rating, &message, &json]).await.unwrap();
        }
        rows.finish().await.unwrap();
    }

    async fn run(&mut self, workload: u32) {
        match workload {
            1 => {
                let email = self.email();
                let row = self.db.query_one(&self.st["by_email"], &[&email]).await.unwrap();
                std::hint::black_box(user_of(&row));
            }
            2 => {
                let (token, user) = (self.fresh(), self.any(USERS));
                let args: [&(dyn ToSql + Sync); 3] = [&token, &user, &self.expires];
                let row = self.db.query_one(&self.st["session"], &args).await.unwrap();
                let back: (String, String, SystemTime) = (row.get(0), row.get(1), row.get(2));
                std::hint::black_box(back);
            }
            3 => {
                let after = self.any(USERS - 1000);
                let rows = self.db.query(&self.st["page"], &[&after]).await.unwrap();
                std::hint::black_box(rows.iter().map(user_of).collect::<Vec<User>>());
            }
            4 => {
                let rows = self.db.query(&self.st["all"], &[]).await.unwrap();
                std::hint::black_box(rows.iter().map(user_of).collect::<Vec<User>>());
            }
            5 => self.load().await,
            6 => self.read_batch().await,
            7 => {
                let (id, name) = (self.any(USERS), format!("Name {}", self.number));
                self.number += 1;
                self.db.execute(&self.st["rename"], &[&id, &name]).await.unwrap();
            }
            8 => self.read_nested().await,
            _ => self.insert_three().await,
        }
    }
}

async fn open() -> (Peer, i32) {
    let of = |name: &str| std::env::var(name).unwrap();
    let url = format!("host={} port={} user={} dbname={}", of("PGHOST"), of("PGPORT"),
        of("PGUSER"), of("PGDATABASE"));
    let (db, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(async move { connection.await.unwrap() });
    let statements = [
        ("by_email", format!("select {COLUMNS} from auth.users where email = $1")),
        ("by_id", format!("select {COLUMNS} from auth.users where id = $1")),
        ("page", format!("select {COLUMNS} from auth.users where id > $1 order by id limit 1000")),
        ("all", format!("select {COLUMNS} from auth.users")),
        ("accounts_of", "select user_id, type::text, provider, provider_account_id, refresh_token, \
             access_token, expires_at, token_type, scope, id_token, session_state \
             from auth.accounts where user_id = $1".into()),
        ("sessions_of", "select session_token, user_id, expires from auth.sessions \
             where user_id = $1".into()),
        ("session", "insert into auth.sessions (session_token, user_id, expires) \
             values ($1, $2, $3) returning session_token, user_id, expires".into()),
        ("rename", "update auth.users set name = $2, updated_at = now() where id = $1".into()),
        ("new_user", "insert into auth.users (id, name, email) values ($1, $2, $3)".into()),
        ("new_account", "insert into auth.accounts (user_id, type, provider, \
             provider_account_id, access_token) values ($1, 'oauth', 'github', $2, $3)".into()),
        ("new_session", "insert into auth.sessions (session_token, user_id, expires) \
             values ($1, $2, $3)".to_string()),
    ];
    let mut st = HashMap::new();
    for (name, text) in statements {
        st.insert(name, db.prepare(&text).await.unwrap());
    }
    let pid = db.query_one("select pg_backend_pid()", &[]).await.unwrap().get(0);
    let expires = SystemTime::UNIX_EPOCH + Duration::from_secs(1893456000);
    (Peer { db, st, seed: std::process::id(), number: 0, expires }, pid)
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (mut peer, pid) = open().await;
        println!("{}", pid);
        for line in std::io::stdin().lock().lines() {
            let line = line.unwrap();
            let (workload, ms) = line[1..].split_once(' ').unwrap();
            let (workload, ms): (u32, f64) = (workload.parse().unwrap(), ms.parse().unwrap());
            let start = Instant::now();
            let mut n = 0;
            while n == 0 || start.elapsed().as_secs_f64() < ms / 1e3 {
                peer.run(workload).await;
                n += 1;
            }
            println!("{} {}", n, start.elapsed().as_secs_f64());
        }
    });
}

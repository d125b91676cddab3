// node.mjs: three peers (see peers.py): node.mjs pg | postgres | drizzle. Prepared statements; drizzle
// over pg. Connects by PGHOST and so on. Copied into the folder of its packages to be run.
import readline from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

const variant = process.argv[2];
const USERS = 100000, LOADED = 100000;
const EXPIRES = new Date('2030-01-01T00:00:00Z');
let number = 0;
const six = n => 'user' + String(n).padStart(6, '0');
const below = n => Math.floor(Math.random() * n);
const any = () => six(below(USERS));
const email = () => any() + '@example.org';
const fresh = () => `bench-${process.pid}-${number++}`;
const message = i => `${i}: it works and so far nobody complained`;
const metadata = i => ({ page: '/p/' + i % 100, v: i % 7 });
const repeat = (n, call) => Promise.all(Array.from({ length: n }, call));

// The text form of COPY.
const escaped = text => text.replace(/\\/g, '\\\\');
function* pieces() {
    let part = '';
    for (let i = 0; i < LOADED; i++) {
        part += `${six(i * 7 % USERS)}\t${1 + i % 5}\t${escaped(message(i))}\t` +
            escaped(JSON.stringify(metadata(i))) + '\n';
        if (part.length > 65536) {
            yield part;
            part = '';
        }
    }
    yield part;
}
const lines = () => Readable.from(pieces(), { objectMode: false });

const COLUMNS = 'id, name, email, email_verified, image, created_at, updated_at';
const SQL = {
    by_email: `select ${COLUMNS} from auth.users where email = $1`,
    by_id: `select ${COLUMNS} from auth.users where id = $1`,
    page: `select ${COLUMNS} from auth.users where id > $1 order by id limit 1000`,
    all: `select ${COLUMNS} from auth.users`,
    accounts_of: `select user_id, type, provider, provider_account_id, refresh_token,
        access_token, expires_at, token_type, scope, id_token, session_state
        from auth.accounts where user_id = $1`,
    sessions_of: `select session_token, user_id, expires from auth.sessions
        where user_id = $1`,
    session: `insert into auth.sessions (session_token, user_id, expires) values ($1, $2, $3)
        returning session_token, user_id, expires`,
    rename: 'update auth.users set name = $2, updated_at = now() where id = $1',
    new_user: 'insert into auth.users (id, name, email) values ($1, $2, $3)',
    new_account: `insert into auth.accounts (user_id, type, provider, provider_account_id,
        access_token) values ($1, 'oauth', 'github', $2, $3)`,
    new_session: `insert into auth.sessions (session_token, user_id, expires)
        values ($1, $2, $3)`,
};

async function withPg() {
    const { default: pg } = await import('pg');
    const { from } = await import('pg-copy-streams');
    const db = new pg.Client();
    await db.connect();
    const q = (name, ...values) => db.query({ name, text: SQL[name], values });
    const nested = async id => {
        const [user, accounts, sessions] = await Promise.all(
            [q('by_id', id), q('accounts_of', id), q('sessions_of', id)]);
        return { ...user.rows[0], accounts: accounts.rows, sessions: sessions.rows };
    };
    const three = async id => {
        await db.query('begin');
        await q('new_user', id, 'Ada Byron', id);
        await q('new_account', id, id, 'not a secret at all');
        await q('new_session', id, id, EXPIRES);
        await db.query('commit');
    };
    return [(await db.query('select pg_backend_pid() as pid')).rows[0].pid, [
        () => q('by_email', email()),
        () => q('session', fresh(), any(), EXPIRES),
        () => q('page', six(below(USERS - 1000))),
        () => q('all'),
        () => pipeline(lines(), db.query(
            from('copy auth.feedback (user_id, rating, message, metadata) from stdin'))),
        () => repeat(100, () => q('by_email', email())),
        () => q('rename', any(), 'Name ' + number++),
        () => nested(any()),
        () => three(fresh()),
    ]];
}

async function withPostgres() {
    const { default: postgres } = await import('postgres');
    const sql = postgres({ max: 1, onnotice() {} });
    const byEmail = () => sql`select id, name, email, email_verified, image, created_at,
        updated_at from auth.users where email = ${email()}`;
    const nested = id => Promise.all([
        sql`select id, name, email, email_verified, image, created_at, updated_at
            from auth.users where id = ${id}`,
        sql`select user_id, type, provider, provider_account_id, refresh_token, access_token,
            expires_at, token_type, scope, id_token, session_state
            from auth.accounts where user_id = ${id}`,
        sql`select session_token, user_id, expires from auth.sessions where user_id = ${id}`,
    ]);
    const three = id => sql.begin(tx => [
        tx`insert into auth.users (id, name, email) values (${id}, ${'Ada Byron'}, ${id})`,
        tx`insert into auth.accounts (user_id, type, provider, provider_account_id,
            access_token) values (${id}, 'oauth', 'github', ${id}, ${'not a secret at all'})`,
        tx`insert into auth.sessions (session_token, user_id, expires)
            values (${id}, ${id}, ${EXPIRES})`,
    ]);
    const load = async () => pipeline(lines(), await sql`copy auth.feedback
        (user_id, rating, message, metadata) from stdin`.writable());
    return [(await sql`select pg_backend_pid() as pid`)[0].pid, [
        byEmail,
        () => sql`insert into auth.sessions (session_token, user_id, expires)
            values (${fresh()}, ${any()}, ${EXPIRES})
            returning session_token, user_id, expires`,
        () => sql`select id, name, email, email_verified, image, created_at, updated_at
            from auth.users where id > ${six(below(USERS - 1000))} order by id limit 1000`,
        () => sql`select id, name, email, email_verified, image, created_at, updated_at
            from auth.users`,
        load,
        () => repeat(100, byEmail),
        () => sql`update auth.users set name = ${'Name ' + number++}, updated_at = now()
            where id = ${any()}`,
        () => nested(any()),
        () => three(fresh()),
    ]];
}

async function tables() {
    const { bigint, integer, jsonb, pgSchema, smallint, text, timestamp } =
        await import('drizzle-orm/pg-core');
    const { relations } = await import('drizzle-orm');
    const auth = pgSchema('auth');
    const time = name => timestamp(name, { withTimezone: true, mode: 'date' });
    const users = auth.table('users', {
        id: text('id').primaryKey(), name: text('name'), email: text('email').notNull(),
        emailVerified: time('email_verified'), image: text('image'),
        createdAt: time('created_at').notNull().defaultNow(),
        updatedAt: time('updated_at').notNull().defaultNow(),
    });
    const accounts = auth.table('accounts', {
        userId: text('user_id').notNull(), type: text('type').notNull(),
        provider: text('provider').notNull(),
        providerAccountId: text('provider_account_id').notNull(),
        refreshToken: text('refresh_token'), accessToken: text('access_token'),
        expiresAt: bigint('expires_at', { mode: 'number' }), tokenType: text('token_type'),
        scope: text('scope'), idToken: text('id_token'), sessionState: text('session_state'),
    });
    const sessions = auth.table('sessions', {
        sessionToken: text('session_token').primaryKey(), userId: text('user_id').notNull(),
        expires: time('expires').notNull(),
    });
    const feedback = auth.table('feedback', {
        id: bigint('id', { mode: 'number' }).generatedAlwaysAsIdentity(),
        userId: text('user_id'), rating: smallint('rating').notNull(),
        message: text('message').notNull(), metadata: jsonb('metadata').notNull(),
    });
    const ofUser = table => relations(table, ({ one }) => ({
        user: one(users, { fields: [table.userId], references: [users.id] }) }));
    return { users, accounts, sessions, feedback,
        usersR: relations(users, ({ many }) => ({
            accounts: many(accounts), sessions: many(sessions) })),
        accountsR: ofUser(accounts), sessionsR: ofUser(sessions) };
}

async function withDrizzle() {
    const { default: pg } = await import('pg');
    const { drizzle } = await import('drizzle-orm/node-postgres');
    const { eq, gt, sql } = await import('drizzle-orm');
    const client = new pg.Client();
    await client.connect();
    const schema = await tables();
    const { users, accounts, sessions, feedback } = schema;
    const db = drizzle(client, { schema });
    const key = sql.placeholder('key');
    const byEmail = db.select().from(users).where(eq(users.email, key)).prepare('by_email');
    const page = db.select().from(users).where(gt(users.id, key)).orderBy(users.id)
        .limit(1000).prepare('page');
    const all = db.select().from(users).prepare('all');
    const nested = db.query.users.findFirst({ where: eq(users.id, key),
        with: { accounts: true, sessions: true } }).prepare('nested');
    const session = db.insert(sessions).values({ sessionToken: sql.placeholder('token'),
        userId: sql.placeholder('user'), expires: sql.placeholder('expires') })
        .returning().prepare('session');
    const rename = db.update(users).set({ name: sql`${sql.placeholder('name')}`,
        updatedAt: sql`now()` }).where(eq(users.id, key)).prepare('rename');
    const three = id => db.transaction(async tx => {
        await tx.insert(users).values({ id, name: 'Ada Byron', email: id });
        await tx.insert(accounts).values({ userId: id, type: 'oauth', provider: 'github',
            providerAccountId: id, accessToken: 'not a secret at all' });
        await tx.insert(sessions).values({ sessionToken: id, userId: id, expires: EXPIRES });
    });
    const load = () => db.transaction(async tx => {
        for (let from = 0; from < LOADED; from += 5000)
            await tx.insert(feedback).values(Array.from({ length: 5000 }, (_, i) => ({
                userId: six((from + i) * 7 % USERS), rating: 1 + i % 5,
                message: message(from + i), metadata: metadata(i) })));
    });
    return [(await client.query('select pg_backend_pid() as pid')).rows[0].pid, [
        () => byEmail.execute({ key: email() }),
        () => session.execute({ token: fresh(), user: any(), expires: EXPIRES }),
        () => page.execute({ key: six(below(USERS - 1000)) }),
        () => all.execute(),
        load,
        () => repeat(100, () => byEmail.execute({ key: email() })),
        () => rename.execute({ key: any(), name: 'Name ' + number++ }),
        () => nested.execute({ key: any() }),
        () => three(fresh()),
    ]];
}

const [pid, calls] = await { pg: withPg, postgres: withPostgres, drizzle: withDrizzle }[variant]();
console.log(pid);
for await (const line of readline.createInterface({ input: process.stdin })) {
    const [workload, ms] = line.slice(1).split(' ').map(Number);
    const start = performance.now();
    let n = 0;
    while (n === 0 || performance.now() < start + ms) {
        await calls[workload - 1]();
        n++;
    }
    console.log(n, (performance.now() - start) / 1e3);
}
process.exit(0);

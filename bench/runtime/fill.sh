# Sourced by the scripts that measure calls: fill makes the tables of schema/app.schema in the
# database DATABASE_URL, with 100,000 users, two accounts and two sessions each.

sql() { psql -X -q -v ON_ERROR_STOP=1 "$@" "$DATABASE_URL" >/dev/null; }

# Every third has no name, every second an image, every fifth a verified email.
fill() {
    for up in gen/migrations/*.up.sql; do
        sql -f "$up"
    done
    sql <<'SQL'
insert into auth.users (id, name, email, email_verified, image)
select u, case when i % 3 <> 0 then 'Ada Byron the ' || i || 'th' end, u || '@example.org',
       case when i % 5 = 0 then now() - i * interval '1 hour' end,
       case when i % 2 = 0 then 'https://images.example.org/people/' || i || '.png' end
  from (select i, 'user' || lpad(i::text, 6, '0') as u from generate_series(0, 99999) i) x;
insert into auth.accounts (user_id, type, provider, provider_account_id, access_token, expires_at)
select id, 'oauth', p, id || '-' || p, md5(id || p), 1900000000
  from auth.users, unnest('{github,google}'::text[]) p;
insert into auth.sessions select 'kept-' || n || id, id, now() from auth.users, generate_series(1, 2) n;
vacuum analyze;
SQL
}

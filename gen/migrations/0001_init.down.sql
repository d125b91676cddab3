-- 0001_init, down: drop 1 schema, 1 enum, 5 tables
--
-- Apply with: schemac rollback, or psql -v ON_ERROR_STOP=1 -f 0001_init.down.sql
--
-- id:     f793210ce32c74279cfff12fc98d214d3e8e01490669b1ba9e60279216d143e6
-- parent: none
-- from:   0eb3dc00544ffe3692d105529abd79d27215603a168b187745502cee52a44f3d
-- to:     e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
-- sum:    af5143530e38a28667703747b8982634a060c1e43545c9f3568316ee8d364317
-- hazards: drop:auth.feedback, drop:auth.verification_tokens, drop:auth.sessions, drop:auth.accounts, drop:auth.users

-- step 1 of 5: drop table auth.feedback
--   locks: auth.feedback ACCESS EXCLUSIVE, auth.users ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:auth.feedback (its rows go)
--   down: lossy: auth.feedback
begin;
drop table auth.feedback;
commit;

-- step 2 of 5: drop table auth.verification_tokens
--   locks: auth.verification_tokens ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:auth.verification_tokens (its rows go)
--   down: lossy: auth.verification_tokens
begin;
drop table auth.verification_tokens;
commit;

-- step 3 of 5: drop table auth.sessions
--   locks: auth.sessions ACCESS EXCLUSIVE, auth.users ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:auth.sessions (its rows go)
--   down: lossy: auth.sessions
begin;
drop table auth.sessions;
commit;

-- step 4 of 5: drop table auth.accounts
--   locks: auth.accounts ACCESS EXCLUSIVE, auth.users ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:auth.accounts (its rows go)
--   down: lossy: auth.accounts
begin;
drop table auth.accounts;
commit;

-- step 5 of 5: drop table auth.users; drop enum auth.account_type; drop schema auth
--   locks: auth.users ACCESS EXCLUSIVE
--   cost: meta
--   hazards: drop:auth.users (its rows go)
--   down: lossy: auth.users
begin;

drop table auth.users;
drop type auth.account_type;

drop schema auth;

commit;

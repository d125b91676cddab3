create schema shop;
comment on schema shop is 'A shop.';

create extension citext schema public;

create type shop.state as enum ('open', 'in progress', 'closed');
comment on type shop.state is 'How far an order is.';

create domain shop.code as text
    constraint code_check check (value ~ '^[a-z]+$')
    constraint short check (length(value) < 9);

create sequence shop.numbers as int4 start with 100;

create table shop.customers (
    id int8 generated always as identity not null,
    email public.citext not null,
    name text default E'\\',
    place point,
    created_at timestamptz default now() not null,
    updated_at timestamptz default now() not null,
    deleted_at timestamptz,
    constraint customers_pkey primary key (id)
);
create unique index customers_email_key on shop.customers (email) where deleted_at is null;
comment on table shop.customers is 'Someone who buys.';
comment on column shop.customers.name is 'What we call them, "if" it''s known.';

create sequence shop.orders_id_seq as int4;
create table shop.orders (
    id int4 default nextval('shop.orders_id_seq'::regclass) not null,
    number int4 default nextval('shop.numbers') not null,
    customer_id int8 not null,
    state shop.state default 'open' not null,
    code shop.code,
    token text,
    version int4 default 1 not null,
    placed_at timestamptz default (now() at time zone 'utc') not null,
    total numeric(12,2) not null,
    net numeric generated always as (total / 1.19) stored,
    constraint orders_pkey primary key (id),
    constraint orders_total_check check (total >= 0),
    constraint orders_customer_id_number_key unique (customer_id, number) deferrable
);
alter sequence shop.orders_id_seq owned by shop.orders.id;
alter table shop.orders alter column token set storage external;
create index orders_customer_id_placed_at_id_idx on shop.orders (customer_id, placed_at desc, id);
create index orders_state_idx on shop.orders (state) where total > 0;
create unique index orders_code_total_idx on shop.orders (code collate "C" desc) include (total) with (fillfactor = 80);
create index orders_lower_placed_at_idx on shop.orders ((lower(token)) text_pattern_ops, placed_at desc nulls last);

create unlogged table shop.lines (
    order_id int4 not null,
    line int2 not null,
    parent int2,
    tags text[] not null,
    constraint lines_pkey primary key (order_id, line)
) with (fillfactor = 90);

alter table shop.orders
    add constraint orders_customer_id_fkey foreign key (customer_id) references shop.customers (id) on delete cascade;
alter table shop.lines
    add constraint lines_order_id_fkey foreign key (order_id) references shop.orders (id) deferrable initially deferred;
alter table shop.lines
    add constraint lines_order_id_parent_fkey foreign key (order_id, parent) references shop.lines (order_id, line) on delete set null (parent);

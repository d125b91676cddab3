drop table shop.lines;
drop table shop.orders;
drop table shop.customers;
drop sequence shop.numbers;
drop domain shop.code;
drop type shop.state;
drop extension citext;
drop schema shop;

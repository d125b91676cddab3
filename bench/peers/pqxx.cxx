// pqxx.cxx: a peer (see peers.py): libpqxx 6, prepared statements, rows as structs with optionals.
// It has no type for timestamps: they stay text. Connects by PGHOST and so on.
#include <chrono>
#include <functional>
#include <iostream>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <vector>
#include <unistd.h>

using std::optional;
using std::string;
using std::to_string;

namespace
{
constexpr int USERS = 100000, LOADED = 100000;
const string COLUMNS = "id, name, email, email_verified, image, created_at, updated_at";

struct user {
    string id;
    optional<string> name;
    string email;
    optional<string> email_verified, image;
    string created_at, updated_at;
};

pqxx::connection *db;
long number;
size_t sum;

string six(int n)
{
    string digits = to_string(n);
    return "user" + string(6 - digits.size(), '0') + digits;
}

string any()
{
    return six(rand() % USERS);
}

string fresh()
{
    return "bench-" + to_string(getpid()) + "-" + to_string(number++);
}

optional<string> maybe(const pqxx::field &field)
{
    if (field.is_null())
        return std::nullopt;
    return field.as<string>();
}

user user_of(const pqxx::row &row)
{
    return { row[0].as<string>(), maybe(row[1]),          row[2].as<string>(),
             maybe(row[3]),       maybe(row[4]),          row[5].as<string>(),
             row[6].as<string>() };
}

void users_of(const pqxx::result &rows)
{
    std::vector<user> users;
    users.reserve(rows.size());
    for (const auto &row : rows)
        users.push_back(user_of(row));
    sum += users.size();
}

void texts_of(const pqxx::result &rows)
{
    for (const auto &row : rows)
        for (const auto &field : row)
            sum += maybe(field).has_value();
}

void read_user()
{
    pqxx::nontransaction work(*db);
    sum += user_of(work.exec_prepared("by_email", any() + "@example.org")[0]).id[0];
}

void insert_session()
{
    pqxx::nontransaction work(*db);
    texts_of(work.exec_prepared("session", fresh(), any(), "2030-01-01 00:00:00+00"));
}

void read_page()
{
    pqxx::nontransaction work(*db);
    users_of(work.exec_prepared("page", six(rand() % (USERS - 1000))));
}

void scan()
{
    pqxx::nontransaction work(*db);
    users_of(work.exec_prepared("all"));
}

void load()
{
    pqxx::work work(*db);
    work.exec("set local search_path to auth");
    pqxx::stream_to rows(work, "feedback",
                         std::vector<string>{ "user_id", "rating", "message", "metadata" });
    for (int i = 0; i < LOADED; i++)
        rows << std::make_tuple(six(i * 7 % USERS), 1 + i % 5,
                                to_string(i) + ": it works and so far nobody complained",
                                "{\"page\": \"/p/" + to_string(i % 100) +
                                    "\", \"v\": " + to_string(i % 7) + "}");
    rows.complete();
    work.commit();
}

void read_batch()
{
    for (int i = 0; i < 100; i++)
        read_user();
}

void update_user()
{
    pqxx::nontransaction work(*db);
    work.exec_prepared0("rename", any(), "Name " + to_string(number++));
}

void read_nested()
{
    pqxx::nontransaction work(*db);
    string id = any();
    sum += user_of(work.exec_prepared("by_id", id)[0]).id[0];
    texts_of(work.exec_prepared("accounts_of", id));
    texts_of(work.exec_prepared("sessions_of", id));
}

void insert_three()
{
    pqxx::work work(*db);
    string id = fresh();
    work.exec_prepared0("new_user", id, "Ada Byron", id);
    work.exec_prepared0("new_account", id, id, "not a secret at all");
    work.exec_prepared0("new_session", id, id, "2030-01-01 00:00:00+00");
    work.commit();
}

void prepare()
{
    db->prepare("by_email", "select " + COLUMNS + " from auth.users where email = $1");
    db->prepare("by_id", "select " + COLUMNS + " from auth.users where id = $1");
    db->prepare("page", "select " + COLUMNS +
                            " from auth.users where id > $1 order by id limit 1000");
    db->prepare("all", "select " + COLUMNS + " from auth.users");
    db->prepare("accounts_of",
                "select user_id, type, provider, provider_account_id, refresh_token,"
                " access_token, expires_at, token_type, scope, id_token, session_state"
                " from auth.accounts where user_id = $1");
    db->prepare("sessions_of", "select session_token, user_id, expires from auth.sessions"
                               " where user_id = $1");
    db->prepare("session", "insert into auth.sessions (session_token, user_id, expires)"
                           " values ($1, $2, $3) returning session_token, user_id, expires");
    db->prepare("rename",
                "update auth.users set name = $2, updated_at = now() where id = $1");
    db->prepare("new_user", "insert into auth.users (id, name, email) values ($1, $2, $3)");
    db->prepare("new_account",
                "insert into auth.accounts (user_id, type, provider, provider_account_id,"
                " access_token) values ($1, 'oauth', 'github', $2, $3)");
    db->prepare("new_session", "insert into auth.sessions (session_token, user_id, expires)"
                               " values ($1, $2, $3)");
}
} // namespace

int main()
{
    const std::vector<std::function<void()>> calls = {
        read_user,  insert_session, read_page,   scan,        load,
        read_batch, update_user,    read_nested, insert_three
    };
    using clock = std::chrono::steady_clock;
    pqxx::connection connection("");
    db = &connection;
    prepare();
    std::cout << connection.backendpid() << std::endl;
    char w;
    size_t workload;
    double ms;
    while (std::cin >> w >> workload >> ms) {
        auto start = clock::now(), until = start + std::chrono::microseconds(long(ms * 1e3));
        long n = 0;
        for (; n == 0 || clock::now() < until; n++)
            calls.at(workload - 1)();
        std::chrono::duration<double> took = clock::now() - start;
        std::cout << n << " " << took.count() << std::endl;
    }
}

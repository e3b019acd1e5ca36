/*
 * Xapian: a glass database of terms without positions, BM25 with k1 1.2 and
 * b 0.75, compacted.
 *
 *	xapian build TOKENS INDEX
 *	xapian query INDEX QUERIES K ANSWERS	then a round for each line
 */

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>
#include <xapian.h>

static void build(const char *tokens, const std::string &path)
{
	const std::string loose = path + ".loose";
	std::ifstream file(tokens);
	std::string line, word;

	setenv("XAPIAN_FLUSH_THRESHOLD", "100000", 1);
	{
		Xapian::WritableDatabase db(
			loose, Xapian::DB_CREATE_OR_OVERWRITE |
				       Xapian::DB_NO_SYNC);

		while (std::getline(file, line)) {
			std::istringstream words(line);
			Xapian::Document document;

			while (words >> word)
				document.add_term(word);
			db.add_document(document);
		}
		db.commit();
	}
	Xapian::Database(loose).compact(path);
	std::filesystem::remove_all(loose);
}

struct peer {
	Xapian::Database db;
	std::vector<Xapian::Query> queries;
	unsigned k;

	void ask(size_t query, std::ostream *answers)
	{
		Xapian::Enquire enquire(db);

		enquire.set_weighting_scheme(
			Xapian::BM25Weight(1.2, 0, 1, 0.75, 0));
		enquire.set_query(queries[query]);
		Xapian::MSet found = enquire.get_mset(0, k);
		if (answers)
			*answers << query + 1 << '\t';
		for (auto i = found.begin(); i != found.end(); ++i)
			if (answers)
				*answers << *i - 1 << ':' << i.get_weight()
					 << ' ';
		if (answers)
			*answers << '\n';
	}
};

static void query(char **argv)
{
	peer p = { Xapian::Database(argv[2]), {}, unsigned(atoi(argv[4])) };
	std::ifstream file(argv[3]);
	std::ofstream answers(argv[5]);
	std::string line, word;

	answers.precision(15);
	while (std::getline(file, line)) {
		std::istringstream words(line);
		std::vector<std::string> terms;

		while (words >> word)
			terms.push_back(word);
		p.queries.emplace_back(Xapian::Query::OP_OR, terms.begin(),
				       terms.end());
	}
	for (size_t i = 0; i < p.queries.size(); i++)
		p.ask(i, &answers);
	answers.close();
	std::cout << "ready" << std::endl;
	while (std::getline(std::cin, line)) {
		for (size_t i = 0; i < p.queries.size(); i++) {
			auto start = std::chrono::steady_clock::now();

			p.ask(i, nullptr);
			std::chrono::nanoseconds took =
				std::chrono::steady_clock::now() - start;
			std::cout << took.count() << ' ';
		}
		std::cout << std::endl;
	}
}

int main(int argc, char **argv)
{
	const std::string verb = argc > 1 ? argv[1] : "";

	if (argc == 4 && verb == "build")
		build(argv[2], argv[3]);
	else if (argc == 6 && verb == "query")
		query(argv);
	else {
		std::cerr << "xapian build TOKENS INDEX | "
			     "query INDEX QUERIES K ANSWERS\n";
		return 2;
	}
	return 0;
}

#include "analysis/table_shelf.hpp"

#include "sim/expects.hpp"

namespace tl {
namespace {

std::string key_of(const TableQuery& query) {
  return query.table + '\n' + query.versus + '\n' + (query.payer.empty() ? "" : query.payer.front());
}

std::vector<TableQuery> queries_for(const StudyResults& study, double confidence, bool changes, bool payers) {
  std::vector<TableQuery> queries;
  const std::string base = study.scenarios.front().id;
  for (const std::string& table : result_tables_of(study)) {
    TableQuery query;
    query.table = table;
    query.confidence = confidence;
    queries.push_back(query);
    query.versus = base;
    if (changes && study.scenarios.size() > 1) queries.push_back(query);
    query.versus.clear();
    if (table != "money" || !payers) continue;
    for (const PayerWords& payer : study.scenarios.front().words.payers) {
      query.payer = {payer.id};
      queries.push_back(query);
    }
  }
  return queries;
}

}  // namespace

TableShelf::TableShelf(const StudyResults& study, double confidence, bool changes, bool payers)
    : tables_{made_together(replications_of(study), [&] {
        std::map<std::string, ResultTable> tables;
        for (const TableQuery& query : queries_for(study, confidence, changes, payers))
          tables.emplace(key_of(query), make_table(study, query));
        return tables;
      })} {}

const ResultTable& TableShelf::get(const TableQuery& query) const {
  const auto found = tables_.find(key_of(query));
  TL_EXPECTS(found != tables_.end());
  return found->second;
}

}  // namespace tl

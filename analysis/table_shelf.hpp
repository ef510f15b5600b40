#pragma once
#include <map>
#include <string>

#include "analysis/tables.hpp"

namespace tl {

/// The tables of some results, made together: the file is gone through a few times for all of them, not for each.
class TableShelf {
 public:
  /// @param changes  also each table as differences from the first scenario, where there are others
  /// @param payers  also money by each payer
  TableShelf(const StudyResults& study, double confidence, bool changes, bool payers);
  /// @param query  of which only table, versus and one payer may be given  @throws QueryError
  const ResultTable& get(const TableQuery& query) const;

 private:
  std::map<std::string, ResultTable> tables_;
};

}  // namespace tl

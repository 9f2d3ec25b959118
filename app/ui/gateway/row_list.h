// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QAbstractListModel>
#include <QVariant>
#include <utility>
#include <vector>

namespace doorstep::ui {

// A list of values as a Qt model whose roles are a table. Row::key identifies a row: as long as the
// keys are the same, setRows() changes rows in place, so that a list keeps its scroll position.
// Thread: GUI.
template <typename Row>
class RowList final : public QAbstractListModel {
 public:
  struct Role {
    const char* name;
    QVariant (*value)(const Row&);
  };

  RowList(std::vector<Role> roles, QObject* parent)
      : QAbstractListModel(parent), roles_(std::move(roles)) {}

  void setRows(std::vector<Row> rows) {
    if (sameKeys(rows)) {
      rows_ = std::move(rows);
      if (!rows_.empty())
        Q_EMIT dataChanged(index(0), index(static_cast<int>(rows_.size()) - 1));
      return;
    }
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
  }
  const std::vector<Row>& rows() const { return rows_; }

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
  }
  QVariant data(const QModelIndex& at, int role) const override {
    const int column = role - Qt::UserRole;
    if (!checkIndex(at, CheckIndexOption::IndexIsValid) || column < 0 ||
        column >= static_cast<int>(roles_.size()))
      return {};
    return roles_[static_cast<std::size_t>(column)].value(
        rows_[static_cast<std::size_t>(at.row())]);
  }
  QHash<int, QByteArray> roleNames() const override {
    QHash<int, QByteArray> names;
    for (std::size_t i = 0; i < roles_.size(); ++i)
      names.insert(Qt::UserRole + static_cast<int>(i), roles_[i].name);
    return names;
  }

 private:
  bool sameKeys(const std::vector<Row>& rows) const {
    if (rows.size() != rows_.size())
      return false;
    for (std::size_t i = 0; i < rows.size(); ++i)
      if (rows[i].key != rows_[i].key)
        return false;
    return true;
  }

  const std::vector<Role> roles_;
  std::vector<Row> rows_;
};

}  // namespace doorstep::ui

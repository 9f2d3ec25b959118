# SPDX-License-Identifier: Apache-2.0
doorstep_add_library(doorstep_later_server
  SOURCES later_server.cpp
  DEPENDS doorstep_proto doorstep_wire)

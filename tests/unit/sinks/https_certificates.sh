#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Certificates for tests of TLS in the folder $1: ca and other-ca, and of ca: good (localhost,
# 127.0.0.1), named (siem.example), expired, client.
set -eu
cd "$1"
exec >/dev/null 2>&1

ca() {
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
		-subj "/CN=$1" -keyout "$1.key" -out "$1.pem"
}

# name, subjectAltName
leaf() {
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" \
		-addext "subjectAltName=$2" -keyout "$1.key" -out "$1.csr"
	mkdir -p issued
	: >index.txt
	cat >ca.cnf <<-END
		[ca]
		default_ca = own
		[own]
		database = index.txt
		new_certs_dir = issued
		rand_serial = yes
		default_md = sha256
		policy = any
		copy_extensions = copy
		unique_subject = no
		[any]
		commonName = supplied
	END
	openssl ca -batch -config ca.cnf -cert ca.pem -keyfile ca.key -notext \
		-startdate "$3" -enddate "$4" -in "$1.csr" -out "$1.pem"
}

ca ca
ca other-ca
here="DNS:localhost,IP:127.0.0.1"
leaf good "$here" 20200101000000Z 20991231235959Z
leaf named DNS:siem.example 20200101000000Z 20991231235959Z
leaf expired "$here" 20200101000000Z 20200102000000Z
leaf client DNS:sensor.example 20200101000000Z 20991231235959Z
